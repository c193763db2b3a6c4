import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../model/problem.ts";
import type { Call } from "./command.ts";

/** Options of `slipway plan`. */
export interface PlanOptions {
  readonly form: "table" | "json" | "markdown";
  /** Path of the file to which the plan is saved, for an `up` that must carry it out. */
  readonly save: string | undefined;
  readonly offline: boolean;
  /** File with the plan that the last deployment published. */
  readonly against: string | undefined;
}

const known = {
  json: { type: "boolean" },
  markdown: { type: "boolean" },
  save: { type: "string" },
  offline: { type: "boolean" },
  against: { type: "string" },
} as const;

/** Reads the options of `slipway plan`, and refuses options that contradict each other. */
export function planOptions(call: Call): PlanOptions {
  const { json = false, markdown = false, save, offline = false, against } = parsed(call);
  if (json && markdown) throw usage("--markdown", "is another form than --json", "choose one of them");
  if (against !== undefined && !offline)
    throw usage("--against", "is for --offline alone", "add --offline, or leave it out");
  if (save !== undefined && offline) {
    const what = "saves a plan that was made with the server, and --offline plans without it";
    throw usage("--save", what, "leave one of them out");
  }
  const form = json ? "json" : markdown ? "markdown" : "table";
  return { form, save: save === undefined ? undefined : resolve(save), offline, against };
}

function parsed(call: Call): ReturnType<typeof parseArgs<{ options: typeof known }>>["values"] {
  try {
    return parseArgs({ args: [...call.words], options: known, allowPositionals: false }).values;
  } catch (error) {
    const said = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? "") : "";
    const what = `does not know the words '${call.words.join(" ")}' (${said})`;
    throw usage("slipway plan", what, "see the command's --help");
  }
}

function usage(path: string, what: string, todo: string): UserError {
  return new UserError({ path, what, todo }, { usage: true });
}
