import { runChild, type ChildOptions } from "../process/child.ts";
import { UserError } from "../model/problem.ts";

/** Runs a program that must succeed, and returns its stdout without the final newline. */
export async function mustRun(words: readonly string[], options: ChildOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runChild(words, options);
  if (code === 0) return stdout.trimEnd();
  const end = `${stdout}${stderr}`.trimEnd().split("\n").slice(-20).join("\n");
  const path = words.slice(0, 12).join(" ");
  throw new UserError({ path, what: `ended with code ${code}`, todo: `see what it wrote:\n${end}` });
}
