import { readProjectFiles } from "../../config/stack-files.ts";
import { UserError } from "../../model/problem.ts";
import type { Call } from "../commands/command.ts";

/** A stack's name without its project and organization. */
export function shortStackName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The stack that the command line names. A command without Pulumi requires it: only Pulumi knows the selected one. */
export function requireStackName({ folder, stack }: Call): string {
  if (stack !== undefined) return shortStackName(stack);
  throw missingStack(folder);
}

/** The error for a command line that has to name a stack and does not. */
export function missingStack(folder: string): UserError {
  const { stacks } = readProjectFiles(folder);
  const todo = stacks.length === 0 ? "name the stack" : `name one of ${stacks.join(", ")}`;
  return new UserError({ path: "--stack", what: "is missing", todo }, { usage: true });
}
