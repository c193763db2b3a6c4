import { messageOf, UserError } from "../../../model/problem.ts";
import { isReason, reasonForm } from "../../../model/reason.ts";
import type { HostClient } from "../../../remote/host-client.ts";
import { newRun, whoRuns } from "../../../remote/run.ts";
import { usageError } from "../../options.ts";
import { nameOfStack } from "../../stack/declared-stack.ts";
import { connected, withStackServer } from "../../stack/stack-server.ts";
import type { Call } from "../command.ts";

/** Who does something by hand, and why: it stands in the record. */
interface ByHand {
  readonly who: string;
  readonly why: string;
}

/** Does something on the server of a stack under its lease, without Pulumi. Of two operators the second waits. */
export async function underLease<Result>(
  call: Call & { readonly options: { readonly why?: string | undefined } },
  act: (client: HostClient, asked: ByHand) => Promise<Result>,
): Promise<{ readonly stack: string; readonly result: Result }> {
  const { why = "" } = call.options;
  if (!isReason(why)) throw usageError("--why", "is no short line", `write ${reasonForm}`);
  return await withStackServer(call, async (server) => {
    const { id: run, holder, job } = newRun(server.stack, call.environment, new Date());
    const asked = { who: whoRuns(call.environment), why };
    const result = await connected(server, async (client) => {
      try {
        await client.lease({ seconds: server.lease, run, holder, job });
        return await act(client, asked);
      } catch (error) {
        throw refused(server.stack, error);
      }
    });
    return { stack: nameOfStack(call), result };
  });
}

/** The server says what is wrong and the way out in one line. */
function refused(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const [what = "", ...todo] = messageOf(error).split("; ");
  return new UserError({ path, what, todo: todo.length === 0 ? "see `slipway status`" : todo.join("; ") });
}
