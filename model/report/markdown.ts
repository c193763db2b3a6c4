import type { PrintedPlan } from "./printed-plan.ts";
import {
  changedDocuments,
  changeLines,
  headline,
  impactWords,
  isQuiet,
  madeWords,
  otherImages,
  shortImage,
  toldMoves,
} from "./words.ts";

/** Most lines of one document; a note that nobody scrolls through is read. */
const mostLines = 20;

/**
 * The plan as a note on a merge request shows it. Everything that a file or a server says stands in code, where it mentions nobody, links nothing and closes no table.
 */
export function planMarkdown(plan: PrintedPlan): string {
  const parts = [
    `### ${code(plan.stack)}: ${verdict(plan)}`,
    `${code(headline(plan))}  \n${madeWords(plan)}`,
    changeTable(plan),
    table(
      ["Declared no longer", "What becomes of it"],
      plan.removed.map(({ resource, meaning }) => [code(resource), meaning]),
    ),
    table(
      ["Service", "What happens", "Why"],
      toldMoves(plan).map(({ service, move, reasons }) => [code(service), move, code(reasons.join("; "))]),
    ),
    driftDetails(plan),
    table(["Service", "Image that runs", "Image that is declared"], imageRows(plan)),
    details(
      "Beside the stack, and left alone",
      plan.remarks.length,
      table(
        ["Where", "What"],
        plan.remarks.map(({ where, found }) => [code(where), code(found)]),
      ),
    ),
    policyTable(plan),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function verdict(plan: PrintedPlan): string {
  const changes = changedDocuments(plan);
  if (isQuiet(plan)) return "nothing changes";
  const gaps = changes.filter(({ impact }) => impact === "gap").map(({ gap }) => gap?.seconds ?? 0);
  const data = changes.some(({ impact }) => impact === "data") ? ", data is concerned" : "";
  const gap = gaps.length === 0 ? "no gap" : `a gap of about ${gaps.reduce((sum, one) => sum + one, 0)} s`;
  return `${changes.length} of ${plan.documents.length} parts change, ${gap}${data}`;
}

function changeTable(plan: PrintedPlan): string {
  const rows = changedDocuments(plan).map((document) => [
    code(document.resource),
    changeLines(plan, document, mostLines).map(code).join("<br>"),
    document.impact === "none" ? "none" : `**${impactWords(document)}**: ${code(document.meaning)}`,
  ]);
  return table(["Part", "Change", "Impact"], rows);
}

function driftDetails({ drift, made }: PrintedPlan): string {
  if (made !== "observed") return "";
  if (drift.length === 0) return "Everything on the server is as it was applied.";
  const rows = drift.map(({ resource, where, expected, found }) => [
    code(resource),
    code(where),
    code(shortImage(expected)),
    code(shortImage(found)),
  ]);
  return details(
    "Not as it was applied; `up` repairs it",
    drift.length,
    table(["Part", "Where", "Expected", "Found"], rows),
  );
}

function imageRows(plan: PrintedPlan): string[][] {
  return otherImages(plan).map(({ service, running, declared }) => [
    code(service),
    (running ?? []).map((image) => code(shortImage(image))).join("<br>"),
    code(shortImage(declared)),
  ]);
}

function policyTable({ findings }: PrintedPlan): string {
  const rows = findings.map(({ level, rule, service, what, todo, reason }) => [
    level,
    rule,
    code(`${service} ${what}`),
    reason === undefined ? code(todo) : `waived: ${code(reason)}`,
  ]);
  return details("Policy", findings.length, table(["", "Rule", "Finding", "What to do"], rows));
}

function details(title: string, count: number, body: string): string {
  const plain = title.replaceAll(/`([^`]*)`/g, "<code>$1</code>");
  return body === "" ? "" : `<details><summary>${plain}: ${count}</summary>\n\n${body}\n\n</details>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A text that somebody else wrote, in one line of a table. */
function code(text: string): string {
  const plain = text.replaceAll(/\s+/g, " ").replaceAll("`", "'").replaceAll("|", "\\|").trim();
  return plain === "" ? "" : `\`${plain}\``;
}
