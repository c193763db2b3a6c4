import { timeText } from "../../model/time.ts";

/** Digits in a generation of the sum of what a colour is made of. */
const digits = 12;

/**
 * A new generation: its begin, the number of its document, and the sum of what the colour is made of, so that the
 * routes alone tell what serves.
 */
export function newGeneration(number: string, made: string): string {
  return `${Math.floor(Date.now() / 1000)}-${number}-${made.slice(0, digits)}`;
}

/** What a generation tells: its begin, the number of its document, and the first digits of the sum. */
export function readGeneration(generation: string): { since: string; number: string; made: string } {
  const [, seconds = "", number = "", made = ""] = /^([0-9]{1,12})-(.*)-([0-9a-f]{12})$/.exec(generation) ?? [];
  return { since: seconds === "" ? "" : timeText(new Date(Number(seconds) * 1000)), number, made };
}
