import { z } from "zod";
import { printable } from "../printable.ts";

/** A step that has ended, with its time. */
export const doneSchema = z.object({ step: z.string(), seconds: z.number() });

export type Done = Readonly<z.output<typeof doneSchema>>;

const doingSchema = z.object({
  /** A verb, or its step. */
  what: z.string(),
  seconds: z.number(),
  /** What it waits for at this moment; empty if it does not say. */
  waits: z.string(),
  /** The steps before. */
  done: z.array(doneSchema).max(100),
});

/** What a process on a server does at this moment. */
export type Doing = Readonly<z.output<typeof doingSchema>>;

/**
 * A line of the attending process on stderr, behind the run's nonce: everything that the run's verbs do at this moment.
 * It answers no request, so it comes beside the answers, which a run reads only while it waits for one.
 */
export const progressSchema = z.object({ progress: z.array(doingSchema).max(10) });

export type Progress = Readonly<z.output<typeof progressSchema>>;

/** Characters of what one verb waits for. */
const longest = 200;

/** What is done, since when and what it waits for, as part of a line. Names from a server steer no terminal. */
export function doingText({ what, seconds, waits }: Omit<Doing, "done">): string {
  const since = `${what} ${Math.floor(seconds)} s`;
  return brief(waits === "" ? since : `${since}: ${waits}`);
}

/**
 * Steps with their times, such as `gate 8.2 s, switch 0.04 s`. Those that took no time are left out, but not the
 * switch, which the users of an application notice.
 */
export function doneText(done: readonly Done[]): string {
  const told = done
    .map(({ step, seconds }) => [step, seconds.toFixed(step === "switch" ? 2 : 1)] as const)
    .filter(([, text]) => text !== "0.0");
  return printable(told.map(([step, seconds]) => `${step} ${seconds} s`).join(", "));
}

/** A text without its end, where it is too long for a line. */
function brief(text: string): string {
  const line = printable(text);
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

/** Names for people, such as `'db' and 'api'`. */
export function namesText(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`;
}
