import { printable } from "../printable.ts";
import { columns, toned, type Cell } from "./columns.ts";
import type { Impact, PrintedDocument, PrintedHost, PrintedPlan, ReportedChange, ServiceMove } from "./printed-plan.ts";
import { printableLine, type Line, type Tone } from "./tone.ts";
import {
  changedDocuments,
  changeLines,
  changeText,
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

/** The widest first column that leaves the others room. */
const widestName = 36;

/** Widths with a first column in which each name has one line, unless it is very long. */
function fitting(names: readonly string[], [first = 0, second = 0, ...others]: readonly number[]): readonly number[] {
  const wide = Math.min(widestName, Math.max(first, ...names.map(({ length }) => length)));
  return [wide, second - (wide - first), ...others];
}

/** Writes the plan as a short table, whose pieces have a meaning that a terminal shows as a colour. */
export function planLines(plan: PrintedPlan): readonly Line[] {
  const hosts = Object.entries(plan.hosts).flatMap(([name, host]) => hostSection(name, host, plan));
  const lines = [toned("heading", headline(plan)), ...hosts, ...noteSection(plan), ...policySection(plan)];
  return lines.map(printableLine);
}

function hostSection(name: string, host: PrintedHost, plan: PrintedPlan): Line[] {
  return [
    toned("heading", `${hostLine(name, host)}: ${isUnchanged(host) ? unchangedText(host) : "what will change"}`),
    toned("quiet", `  ${basisText(host, plan)}`),
    ...changeSection(host),
    ...removedSection(host),
    ...serviceSection(host),
    ...driftSection(host),
    ...section(
      "unhealthy; up waits for it, and fails if it stays so",
      illLines(host.ill).map(({ service, why }) => [toned("error", service), printable(why)]),
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

function noteSection({ notes }: PrintedPlan): Line[] {
  return section(
    "different from Compose",
    notes.map((note) => ["", printable(note)]),
  );
}

function changeSection(host: PrintedHost): Line[] {
  const rows = changedDocuments(host).map((document): readonly Cell[] => {
    return [document.resource, changeCell(host, document), toned(toneOfImpact[document.impact], impactText(document))];
  });
  if (rows.length === 0) return [];
  const names = changedDocuments(host).map(({ resource }) => resource);
  const head = ["WHAT", "CHANGE", "IMPACT"].map((text) => toned("quiet", text));
  return ["", ...columns([head, ...rows], fitting(names, widths.three)), ...costLines(host)];
}

const toneOfImpact: Readonly<Record<Impact, Tone>> = {
  ...{ none: "plain", live: "good", restart: "changed", gap: "warning", data: "error" },
};

function changeCell(host: PrintedHost, document: PrintedDocument): Cell {
  const tones = new Map(document.changes.map((change) => [changeText(change), toneOf(change)]));
  const otherwise = document.change.kind === "new" ? "added" : "changed";
  return changeLines(host, document, mostLines).map((line) => {
    return { tone: tones.get(line) ?? otherwise, text: printable(line) };
  });
}

function toneOf({ from, to }: ReportedChange): Tone {
  return from === "" ? "added" : to === "" ? "removed" : "changed";
}

/** Explains the last column of the table. */
function costLines(host: PrintedHost): Line[] {
  const costly = changedDocuments(host).filter(({ impact }) => impact !== "none");
  if (costly.length === 0) return [];
  const rows = costly.map(({ resource, meaning, gap }) => {
    return [resource, gap === undefined ? meaning : `${meaning} (about ${gap.seconds} s, at most ${gap.atMost} s)`];
  });
  return ["", ...columns(rows, widths.two)];
}

function removedSection({ removed }: PrintedHost): Line[] {
  return section(
    "no longer declared",
    removed.map(({ resource, meaning }) => [toned("removed", resource), meaning]),
  );
}

function serviceSection(host: PrintedHost): Line[] {
  const rows = reportedMoves(host).map(({ service, move, reasons }): readonly Cell[] => {
    return [service, toned(toneOfMove[move], move), printable(reasons.join("; "))];
  });
  const head = ["SERVICE", "", "WHY"].map((text) => toned("quiet", text));
  return rows.length === 0 ? [] : ["", ...columns([head, ...rows], widths.services)];
}

const toneOfMove: Readonly<Record<ServiceMove["move"], Tone>> = {
  ...{ starts: "added", restarts: "changed", "may restart": "changed", "runs again": "changed" },
  ...{ "is replaced": "good", stops: "removed" },
};

function driftSection({ drift }: PrintedHost): Line[] {
  const rows = drift.map(({ resource, where, expected, found }) => {
    return [toned("changed", resource), shortImage(printable(`${where}: expected ${expected}, found ${found}`))];
  });
  return section("not as it was applied; up repairs it", rows);
}

function imageSection(host: PrintedHost): Line[] {
  const rows = otherImages(host).map(({ service, running, declared }) => {
    return [service, shortImage(`runs ${running?.join(", ") ?? ""}\ndeclared ${declared}`)];
  });
  return section("images that run, and that are declared", rows);
}

function policySection(plan: PrintedPlan): Line[] {
  return section(
    "policy",
    findingLines(plan).map(({ level, line }) => [
      toned(level === "mandatory" ? "error" : level === "waived" ? "quiet" : "warning", level),
      printable(line),
    ]),
  );
}

function section(title: string, rows: readonly (readonly Cell[])[]): Line[] {
  return rows.length === 0 ? [] : ["", toned("heading", `  ${title}:`), ...columns(rows, widths.two)];
}
