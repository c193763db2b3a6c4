import { printableLines } from "../printable.ts";

/** Colours and other looks of text on a terminal, which steer nothing else. */
const look = /\x1b\[[0-9;:]*m/g;

/** Writes a line of a log so that it steers no terminal. Its own colours stay where they are wanted, up to its end. */
export function logText(text: string, colours: boolean): string {
  const plain = text.replaceAll(look, "");
  if (!colours || plain === text) return printableLines(plain).replaceAll("\n", "\\n");
  const looks = text.match(look) ?? [];
  const parts = text.split(look).map((part) => printableLines(part).replaceAll("\n", "\\n"));
  return `${parts.map((part, index) => part + (looks[index] ?? "")).join("")}\x1b[0m`;
}
