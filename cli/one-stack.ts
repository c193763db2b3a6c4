import { readProjectFiles } from "../config/stack-files.ts";
import type { Call } from "./commands/command.ts";
import { UserError } from "../model/problem.ts";

/** A stack's own name, without project and organization. */
export function shortStack(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The one stack of a command that works on files alone: which one is selected only Pulumi knows. */
export function oneStack({ folder, stack }: Call): string {
  if (stack !== undefined) return shortStack(stack);
  const { stacks } = readProjectFiles(folder);
  const todo = stacks.length === 0 ? "name the stack" : `name one of ${stacks.join(", ")}`;
  throw new UserError({ path: "--stack", what: "is missing", todo }, { usage: true });
}
