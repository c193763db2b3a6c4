import type { Connection } from "../connection.ts";
import { stackLauncher, systemPath } from "../server-places.ts";
import { quoteWords } from "../shell.ts";

/**
 * The command line that runs a verb of a stack on its server; the document comes on stdin. It is an input of a
 * resource, so it does not depend on the machine that runs it.
 */
export function verbCommand(
  { via, user }: Pick<Connection, "via" | "user">,
  stack: string,
  verb: string,
  action: "apply" | "delete",
): string {
  const words = ["verb", stack, verb, action];
  const started = user === "root" ? launched(stack, words, action) : ["sudo", "-n", slipwayRoot, ...words];
  return quoteWords(via === "local" ? [...onThisMachine, ...started] : started);
}

const slipwayRoot = "/usr/local/sbin/slipway-root";

function launched(stack: string, verb: readonly string[], action: "apply" | "delete"): string[] {
  const words = [stackLauncher(stack), ...verb];
  return action === "apply" ? words : ["sh", "-c", ifKnown, stack, ...words];
}

/**
 * On this machine a verb outlives a job that is cancelled, as it outlives a connection that is lost; and it gets none
 * of the secrets in the job's environment.
 */
const onThisMachine = ["setsid", "--wait", "env", "-i", "HOME=/root", `PATH=${systemPath}`];

/**
 * Deletes only on a server that knows the stack: one that was reinstalled has nothing to delete.
 * `host/prepare/slipway-root` does the same.
 */
const ifKnown =
  '[ ! -d "${1%/*}" ] || exec "$@"; cat >/dev/null; ' +
  'echo "slipway: this server knows nothing of $0, so nothing was taken away" >&2';
