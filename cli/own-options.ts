import { parseArgs } from "node:util";
import type { Call } from "./commands/command.ts";
import { Refusal, wrongUsage } from "./refusal.ts";

/** Reads the options of a command that passes nothing on to Pulumi: each has a value, and nothing else may stand there. */
export function ownOptions(call: Call, names: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
  try {
    return parseArgs({ args: [...call.words], options, allowPositionals: false }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message.split(/[.\n]/)[0] : "";
    const what = `does not know the words '${call.words.join(" ")}' (${said ?? ""})`;
    throw new Refusal([{ path: "slipway", what, todo: "see the command's --help" }], wrongUsage);
  }
}
