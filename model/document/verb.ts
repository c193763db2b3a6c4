import type { Connection } from "../connection.ts";
import { stackLauncher } from "../server-places.ts";
import { quoteWords } from "../shell.ts";

/**
 * The command line that runs a verb of a stack on its server; the document comes on stdin. It is an input of a
 * resource, so it does not depend on the machine that runs it.
 */
export function verbCommand(
  { user }: Pick<Connection, "user">,
  stack: string,
  verb: string,
  action: "apply" | "delete",
): string {
  const words = ["verb", stack, verb, action];
  if (user !== "root") return quoteWords(["sudo", "-n", "/usr/local/sbin/slipway-root", ...words]);
  const launched = [stackLauncher(stack), ...words];
  return action === "apply" ? quoteWords(launched) : quoteWords(["sh", "-c", ifKnown, stack, ...launched]);
}

/**
 * Deletes only on a server that knows the stack: one that was reinstalled has nothing to delete.
 * `host/prepare/slipway-root` does the same.
 */
const ifKnown =
  '[ ! -d "${1%/*}" ] || exec "$@"; cat >/dev/null; ' +
  'echo "slipway: this server knows nothing of $0, so nothing was taken away" >&2';
