import { styleText } from "node:util";
import type { Tone } from "../model/report/tone.ts";

/** The streams on which colours may be shown. */
interface Screen {
  readonly isTTY?: boolean;
}

/**
 * Tells whether an output is in colour: on a terminal, and not in CI, whose logs are read in many ways. FORCE_COLOR
 * and NO_COLOR decide before that, in this order.
 */
export function wantsColour(environment: NodeJS.ProcessEnv, { isTTY = false }: Screen): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused = "", TERM: terminal, CI: ci = "" } = environment;
  if (forced !== undefined && forced !== "") return !["0", "false"].includes(forced);
  return isTTY && refused === "" && terminal !== "dumb" && ["", "false"].includes(ci);
}

const formats = {
  plain: [],
  heading: ["bold"],
  quiet: ["dim"],
  added: ["green"],
  changed: ["yellow"],
  removed: ["red"],
  warning: ["yellow", "bold"],
  error: ["red", "bold"],
  good: ["green"],
} as const satisfies Readonly<Record<Tone, readonly Parameters<typeof styleText>[0][]>>;

/** Writes a text in the colour of its tone. */
export function paint(tone: Tone, text: string): string {
  return text === "" ? text : styleText([...formats[tone]], text, { validateStream: false });
}
