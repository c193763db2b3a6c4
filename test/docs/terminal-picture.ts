import { textOf, type Line, type Tone } from "../../model/report/tone.ts";

/** The colours of a terminal, readable on a light page and on a dark one. */
const colours: Readonly<Record<Tone, string>> = {
  plain: "#d8dee9",
  heading: "#ffffff",
  quiet: "#8b95a7",
  added: "#7ec699",
  changed: "#e5c07b",
  removed: "#e06c75",
  warning: "#e5c07b",
  error: "#e06c75",
  good: "#7ec699",
};

const bold: readonly Tone[] = ["heading", "warning", "error"];

/** Pixels. */
const [letter, height, edge] = [7.8, 18, 16];

/** Draws lines as a terminal shows them, with the command above that printed them. */
export function terminalPicture(command: string, lines: readonly Line[]): string {
  const all: readonly Line[] = [[{ tone: "quiet", text: `$ ${command}` }], ...lines];
  const wide = Math.ceil(Math.max(...all.map((line) => textOf(line).length)) * letter) + 2 * edge;
  const high = all.length * height + 2 * edge;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}">`,
    `  <title>What ${escaped(command)} prints</title>`,
    "  <style>text { font: 13px ui-monospace, Menlo, Consolas, monospace }</style>",
    `  <rect width="100%" height="100%" rx="8" fill="#1f2430"/>`,
    ...all.flatMap((line, index) => drawn(line, edge + (index + 0.75) * height)),
    "</svg>",
    "",
  ].join("\n");
}

/** Each piece of a line at its own place: fonts differ in the width of a letter, and columns must not. */
function drawn(line: Line, y: number): string[] {
  const spans = typeof line === "string" ? [{ tone: "plain" as const, text: line }] : line;
  let letters = 0;
  return spans.flatMap(({ tone, text }) => {
    const start = letters + text.length - text.trimStart().length;
    letters += text.length;
    if (text.trim() === "") return [];
    const weight = bold.includes(tone) ? ' font-weight="bold"' : "";
    const x = Math.round(edge + start * letter);
    return [`  <text x="${x}" y="${y}" fill="${colours[tone]}"${weight}>${escaped(text.trim())}</text>`];
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
