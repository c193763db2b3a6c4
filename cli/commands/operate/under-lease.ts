import { messageOf, UserError } from "../../../model/problem.ts";
import type { HostClient } from "../../../remote/host-client.ts";
import { newRun, whoRuns } from "../../../remote/run.ts";
import { openStackKeys } from "../../ssh/stack-keys.ts";
import { nameOfStack, readDeclaredStack } from "../../stack/declared-stack.ts";
import { connected } from "../../stack/stack-server.ts";
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
  const name = nameOfStack(call);
  const keys = await openStackKeys(call, [name]);
  try {
    const { stack, host } = await readDeclaredStack(call, name, "change");
    const server = { ...host, stack: stack.name, environment: keys.environment };
    const { id: run, holder, job } = newRun(stack.name, call.environment, new Date());
    const asked = { who: whoRuns(call.environment), why: call.options.why ?? "" };
    const result = await connected(server, async (client) => {
      try {
        await client.lease({ seconds: stack.lease, run, holder, job });
        return await act(client, asked);
      } catch (error) {
        throw refused(stack.name, error);
      }
    });
    return { stack: name, result };
  } finally {
    await keys.close();
  }
}

/** The server says what is wrong and the way out in one line. */
function refused(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const [what = "", ...todo] = messageOf(error).split("; ");
  return new UserError({ path, what, todo: todo.length === 0 ? "see `slipway status`" : todo.join("; ") });
}
