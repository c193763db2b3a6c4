import { printable } from "../printable.ts";
import type { PrintedHost, PrintedPlan } from "./printed-plan.ts";
import {
  changedDocuments,
  changeLines,
  findingLines,
  headline,
  hostLine,
  illLines,
  impactText,
  isUnchanged,
  networkLines,
  basisText,
  otherImages,
  unchangedText,
  shortImage,
  reportedMoves,
} from "./wording.ts";

/** The limit of lines for one document, and for networks; the JSON has all of them. */
const mostLines = 12;

/** Widths of columns that fit 120 characters, although `pulumi preview` indents by four. */
const widths = { three: [18, 74, 18], services: [18, 11, 81], two: [18, 94] };

/** Writes the plan as a short table of plain text for `pulumi preview` and `up`. */
export function planTable(plan: PrintedPlan): string {
  const hosts = Object.entries(plan.hosts).flatMap(([name, host]) => hostSection(name, host, plan));
  return [headline(plan), ...hosts, ...noteSection(plan), ...policySection(plan)].map(printable).join("\n");
}

function hostSection(name: string, host: PrintedHost, plan: PrintedPlan): string[] {
  return [
    `${hostLine(name, host)}: ${isUnchanged(host) ? unchangedText(host) : "what will change"}`,
    `  ${basisText(host, plan)}`,
    ...changeSection(host),
    ...removedSection(host),
    ...serviceSection(host),
    ...driftSection(host),
    ...section(
      "not well; up waits for it, and fails if it stays so",
      illLines(host.ill).map(({ service, why }) => [service, printable(why)]),
    ),
    ...imageSection(host),
    ...section(
      "releases on the server",
      host.releases.map(({ where, found }) => [where, found]),
    ),
    ...section(
      "networks on the server",
      networkLines(host, mostLines).map((line) => ["", line]),
    ),
    ...section(
      "beside the stack, and left alone",
      host.remarks.map(({ where, found }) => ["", printable(`${where}: ${found}`)]),
    ),
  ];
}

function noteSection({ notes }: PrintedPlan): string[] {
  return section(
    "not as Compose would do it",
    notes.map((note) => ["", printable(note)]),
  );
}

function changeSection(host: PrintedHost): string[] {
  const rows = changedDocuments(host).map((document) => {
    return [document.resource, changeLines(host, document, mostLines).map(printable).join("\n"), impactText(document)];
  });
  if (rows.length === 0) return [];
  return ["", ...textTable([["WHAT", "CHANGE", "IMPACT"], ...rows], widths.three), ...costLines(host)];
}

/** Explains the last column of the table. */
function costLines(host: PrintedHost): string[] {
  const costly = changedDocuments(host).filter(({ impact }) => impact !== "none");
  if (costly.length === 0) return [];
  const rows = costly.map(({ resource, meaning, gap }) => {
    return [resource, gap === undefined ? meaning : `${meaning} (about ${gap.seconds} s, at most ${gap.atMost} s)`];
  });
  return ["", ...textTable(rows, widths.two)];
}

function removedSection({ removed }: PrintedHost): string[] {
  return section(
    "no longer declared",
    removed.map(({ resource, meaning }) => [resource, meaning]),
  );
}

function serviceSection(host: PrintedHost): string[] {
  const rows = reportedMoves(host).map(({ service, move, reasons }) => [service, move, printable(reasons.join("; "))]);
  return rows.length === 0 ? [] : ["", ...textTable([["SERVICE", "", "WHY"], ...rows], widths.services)];
}

function driftSection({ drift }: PrintedHost): string[] {
  const rows = drift.map(({ resource, where, expected, found }) => {
    return [resource, shortImage(printable(`${where}: expected ${expected}, found ${found}`))];
  });
  return section("not as it was applied; up repairs it", rows);
}

function imageSection(host: PrintedHost): string[] {
  const rows = otherImages(host).map(({ service, running, declared }) => {
    return [service, shortImage(`runs ${running?.join(", ") ?? ""}\ndeclared ${declared}`)];
  });
  return section("images that run, and that are declared", rows);
}

function policySection(plan: PrintedPlan): string[] {
  return section(
    "policy",
    findingLines(plan).map(({ level, line }) => [level, printable(line)]),
  );
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ["", `  ${title}:`, ...textTable(rows, widths.two)];
}

/** Writes rows as columns of plain text; a cell that is too wide continues on the next line. */
function textTable(rows: readonly (readonly string[])[], widths: readonly number[], indent = "  "): string[] {
  return rows.flatMap((row) => {
    const cells = row.map((cell, at) =>
      cell.split("\n").flatMap((line) => wrapLine(printable(line), widths[at] ?? 20)),
    );
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      const parts = cells.map((cell, at) => (cell[line] ?? "").padEnd(widths[at] ?? 20));
      return `${indent}${parts.join("  ")}`.trimEnd();
    });
  });
}

/** Breaks a line between words, or within a word that is wider than a line. */
function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = word.match(new RegExp(`.{1,${width}}`, "gsu")) ?? [""];
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}
