import { printable } from "../printable.ts";
import type { PrintedHost, PrintedPlan } from "./printed-plan.ts";
import {
  changedDocuments,
  changeLines,
  hasFacts,
  headline,
  hostLine,
  illLines,
  impactText,
  isUnchanged,
  basisText,
  otherImages,
  shortImage,
  reportedMoves,
} from "./wording.ts";

/** The limit of lines for one document, so that a note stays short. */
const mostLines = 20;

/**
 * Writes the plan for a note on a merge request. Every text of a file or a server is in a code span, so that it cannot
 * mention a user, link or break a table.
 */
export function planMarkdown(plan: PrintedPlan): string {
  const hosts = Object.entries(plan.hosts).flatMap(([name, host]) => hostParts(name, host, plan));
  const parts = [
    `### ${code(plan.stack)}: ${verdict(plan)}`,
    code(headline(plan)),
    ...hosts,
    noteDetails(plan),
    policyTable(plan),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function hostParts(name: string, host: PrintedHost, plan: PrintedPlan): string[] {
  return [
    `${code(hostLine(name, host))}  \n${basisText(host, plan)}`,
    changeTable(host),
    table(
      ["No longer declared", "What becomes of it"],
      host.removed.map(({ resource, meaning }) => [code(resource), meaning]),
    ),
    table(
      ["Service", "What happens", "Why"],
      reportedMoves(host).map(({ service, move, reasons }) => [code(service), move, code(reasons.join("; "))]),
    ),
    driftDetails(host),
    table(
      ["Not well", "How; `up` waits for it, and fails if it stays so"],
      illLines(host.ill).map(({ service, why }) => [code(service), code(why)]),
    ),
    table(["Service", "Image that runs", "Image that is declared"], imageRows(host)),
    table(
      ["Release on the server", ""],
      host.releases.map(({ where, found }) => [code(where), code(found)]),
    ),
    details(
      "Networks on the server",
      host.networks.length,
      table(
        ["Network", "Subnets"],
        host.networks.map(({ network, subnets }) => [code(network), code(subnets.join(", "))]),
      ),
    ),
    details(
      "Beside the stack, and left alone",
      host.remarks.length,
      table(
        ["Where", "What"],
        host.remarks.map(({ where, found }) => [code(where), code(found)]),
      ),
    ),
  ];
}

function noteDetails({ notes }: PrintedPlan): string {
  return details(
    "Different from Compose",
    notes.length,
    table(
      ["What"],
      notes.map((note) => [code(note)]),
    ),
  );
}

function verdict({ hosts }: PrintedPlan): string {
  const all = Object.values(hosts);
  if (all.every(isUnchanged)) return "nothing changes";
  const changes = all.flatMap(changedDocuments);
  const gaps = changes.filter(({ impact }) => impact === "gap").map(({ gap }) => gap?.seconds ?? 0);
  const data = changes.some(({ impact }) => impact === "data") ? ", data is concerned" : "";
  const gap = gaps.length === 0 ? "no gap" : `a gap of about ${gaps.reduce((sum, one) => sum + one, 0)} s`;
  const count = all.reduce((sum, { documents }) => sum + documents.length, 0);
  return `${changes.length} of ${count} parts change, ${gap}${data}`;
}

function changeTable(host: PrintedHost): string {
  const rows = changedDocuments(host).map((document) => [
    code(document.resource),
    changeLines(host, document, mostLines).map(code).join("<br>"),
    document.impact === "none" ? "none" : `**${impactText(document)}**: ${code(document.meaning)}`,
  ]);
  return table(["Part", "Change", "Impact"], rows);
}

function driftDetails(host: PrintedHost): string {
  const { drift } = host;
  if (!hasFacts(host)) return "";
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

function imageRows(host: PrintedHost): string[][] {
  return otherImages(host).map(({ service, running, declared }) => [
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

/** A foreign text as a code span in one line of a table. */
function code(text: string): string {
  return codeSpan(text).replaceAll("|", "\\|");
}

/** A foreign text as a code span in one line. */
export function codeSpan(text: string): string {
  const plain = printable(text.replaceAll(/\s+/g, " ")).replaceAll("`", "'").trim();
  return plain === "" ? "" : `\`${plain}\``;
}
