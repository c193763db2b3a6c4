import type { Line, Tone } from "../../model/report/tone.ts";

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
  const wide = Math.ceil(Math.max(...all.map(lengthOf)) * letter) + 2 * edge;
  const high = all.length * height + 2 * edge;
  const rows = all.map(
    (line, index) => `  <text x="${edge}" y="${edge + (index + 0.75) * height}">${spans(line)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" xml:space="preserve">`,
    `  <title>What ${escaped(command)} prints</title>`,
    "  <style>text { font: 13px ui-monospace, Menlo, Consolas, monospace; white-space: pre }</style>",
    `  <rect width="100%" height="100%" rx="8" fill="#1f2430"/>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function spans(line: Line): string {
  const parts = typeof line === "string" ? [{ tone: "plain" as const, text: line }] : line;
  return parts
    .map(({ tone, text }) => {
      const weight = bold.includes(tone) ? ' font-weight="bold"' : "";
      return `<tspan fill="${colours[tone]}"${weight}>${escaped(text)}</tspan>`;
    })
    .join("");
}

function lengthOf(line: Line): number {
  return typeof line === "string" ? line.length : line.reduce((sum, { text }) => sum + text.length, 0);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
