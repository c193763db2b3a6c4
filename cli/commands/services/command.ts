import { isatty } from "node:tty";
import type { CommandWish } from "../../../model/session/command.ts";
import { whoRuns } from "../../../remote/run.ts";
import * as declared from "../../declaration/services.ts";
import { usageError } from "../../options.ts";
import { command, type Call, type CallOf } from "../command.ts";
import { readColour } from "./logs.ts";
import { onStackServer } from "../../stack/stack-server.ts";

/** `slipway exec`: runs a command in a container that is there. */
export const exec = command(declared.exec, async (call) => {
  const [service, ...words] = call.words;
  if (service === undefined || words.length === 0) throw missing("exec", "names no service and program", "api -- sh");
  const { colour, replica } = call.options;
  return await send(call, { kind: "exec", service, words, ...readColour(colour), ...readReplica(replica) });
});

/** `slipway run`: runs a command in a container of its own. */
export const run = command(declared.run, async (call) => {
  const [service, ...words] = call.words;
  if (service === undefined) throw missing("run", "names no service", "api -- env");
  return await send(call, { kind: "run", service, words, ...readColour(call.options.colour) });
});

function missing(name: string, what: string, example: string): Error {
  return usageError(`slipway ${name}`, what, `write it as \`slipway ${name} ${example}\``);
}

function readReplica(replica: CallOf<typeof declared.exec>["options"]["replica"]): Pick<CommandWish, "replica"> {
  if (replica === undefined) return {};
  if (/^[1-9]\d{0,3}$/.test(replica)) return { replica: Number(replica) };
  throw usageError("--replica", `is no number of a container, got '${replica}'`, "use 1, 2 and so on");
}

async function send(call: Call, wish: Omit<CommandWish, "terminal" | "who">): Promise<number> {
  const terminal = isatty(0) && isatty(1);
  const who = whoRuns(call.environment);
  return await onStackServer(call, (client) => client.command({ ...wish, terminal, who }));
}
