import { styleText } from "node:util";
import { colourSchema } from "../../../model/facts/release/release.ts";
import { logText } from "../../../model/report/log-text.ts";
import type { LogLine, LogsWish } from "../../../model/session/logs.ts";
import { wantsColour } from "../../colour.ts";
import * as declared from "../../declaration/services.ts";
import { exitCodes } from "../../exit-code.ts";
import { usageError } from "../../options.ts";
import { log } from "../../output.ts";
import { command, type CallOf } from "../command.ts";
import { onStackServer } from "../../stack/stack-server.ts";

type LogsCall = CallOf<typeof declared.logs>;

/** `slipway logs`: shows what the containers of a stack printed. */
export const logs = command(declared.logs, async (call: LogsCall) => {
  const wish = readLogsWish(call);
  const printer = new LogPrinter(call.options.timestamps === true, wantsColour(call.environment, process.stdout));
  await onStackServer(call, async (client) => {
    process.stdout.on("error", () => client.abandon()); // its reader has left, as `head` does
    try {
      await client.logs(wish, (lines) => lines.forEach((line) => printer.print(line)));
    } catch (error) {
      if (process.stdout.writable) throw error;
    }
  });
  return exitCodes.done;
});

/** Lines of each container where nothing else is said. */
const usualTail = 100;

/** The wish of a command line. */
export function readLogsWish({
  options,
  words,
  environment,
}: Pick<LogsCall, "options" | "words" | "environment">): LogsWish {
  const { follow = false, release, since } = options;
  const { CI: ci = "" } = environment;
  return {
    services: [...new Set(words)],
    follow,
    ...readTail(options.tail, since),
    ...(since === undefined ? {} : readSince(since)),
    ...(release === undefined ? {} : { release }),
    ...readColour(options.colour),
    mask: !["", "false"].includes(ci),
  };
}

/** The colour that a command line names. */
export function readColour(colour: string | undefined): Pick<LogsWish, "colour"> {
  if (colour === undefined) return {};
  const { data } = colourSchema.safeParse(colour);
  if (data === undefined) throw usageError("--colour", `is no colour, got '${colour}'`, "use blue or green");
  return { colour: data };
}

function readTail(tail: string | undefined, since: string | undefined): Pick<LogsWish, "tail"> {
  if (tail === undefined) return since === undefined ? { tail: usualTail } : {};
  if (tail === "all") return {};
  if (!/^\d{1,9}$/.test(tail)) throw usageError("--tail", `is no number of lines, got '${tail}'`, "use 100, or all");
  return { tail: Number(tail) };
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function readSince(since: string): Pick<LogsWish, "ago" | "since"> {
  const [, count, unit = ""] = /^(\d{1,9})([smhd])$/.exec(since) ?? [];
  const seconds = units[unit];
  if (count !== undefined && seconds !== undefined) return { ago: Number(count) * seconds };
  const time = /^\d{4}-\d\d-\d\d/.test(since) ? Date.parse(since) : NaN;
  if (!Number.isNaN(time)) return { since: time / 1000 };
  throw usageError("--since", `is no time, got '${since}'`, "use 30s, 15m, 2h or 1d, or 2026-11-30T12:00:00Z");
}

const palette = ["cyan", "yellow", "green", "magenta", "blue"] as const;

/** Prints lines of logs, each behind the name of its container. */
export class LogPrinter {
  readonly #timestamps: boolean;
  readonly #colours: boolean;
  readonly #names: string[] = [];
  #width = 0;

  constructor(timestamps: boolean, colours: boolean) {
    this.#timestamps = timestamps;
    this.#colours = colours;
  }

  print({ from, time, text }: LogLine): void {
    if (from === "") {
      log(text);
      return;
    }
    if (!this.#names.includes(from)) this.#names.push(from);
    this.#width = Math.max(this.#width, from.length);
    const when = this.#timestamps ? `${logText(time, false)} ` : "";
    process.stdout.write(`${this.#prefix(from)} ${when}${logText(text, this.#colours)}\n`);
  }

  #prefix(from: string): string {
    const text = `${logText(from, false).padEnd(this.#width)} |`;
    const colour = palette[this.#names.indexOf(from) % palette.length];
    return this.#colours && colour !== undefined ? styleText(colour, text, { validateStream: false }) : text;
  }
}
