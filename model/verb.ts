import type { Connection } from "./connection.ts";
import { quoteWords } from "./shell.ts";

/** The one command line that runs a verb of a stack on its server; the document comes on stdin. It is the same whoever runs, since it is an input of a resource. */
export function verbCommand(
  { user }: Pick<Connection, "user">,
  stack: string,
  verb: string,
  action: "apply" | "delete",
): string {
  if (user !== "root") return quoteWords(["sudo", "-n", "/usr/local/sbin/slipway-root", stack, verb, action]);
  return quoteWords([`/var/lib/slipway/stacks/${stack.replace("/", "@")}/slipway`, verb, action]);
}
