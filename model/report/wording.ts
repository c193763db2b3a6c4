import { isNew, isSent } from "../plan/planned-document.ts";
import type { PrintedDocument, PrintedHost, PrintedPlan } from "./printed-plan.ts";
import type { ReportedChange } from "./printed-plan.ts";

/** The first line for a reader: which environment and which release. */
export function headline({ stack, release, keepsRelease }: PrintedPlan): string {
  const kept = keepsRelease ? " (no release document: the one that was applied last stays)" : "";
  return `${stack}, release ${release ?? "none"}${kept}`;
}

/** A server by name and address. */
export function hostLine(name: string, { address }: PrintedHost): string {
  return address === "" ? name : `${name}, ${address}`;
}

/** The knowledge that a plan was made of, and its worth. */
export function madeWords({ made, documents }: PrintedHost, unknown: readonly string[]): string {
  switch (made) {
    case "observed":
      return "observed: the server was looked at";
    case "blind":
      return "blind: the server was not asked; what the last deploy published is taken to be there";
    case "offline":
      if (documents.every(isNew)) return "offline: held against nothing, since no plan of a deploy was given";
      return `offline: compared with the plan of the last deploy, without server and keys${
        unknown.length === 0 ? "" : `; ${unknown.length} values are unknown here`
      }`;
  }
}

/** The documents that are sent, as far as is known. */
export function changedDocuments({ documents }: PrintedHost): PrintedDocument[] {
  return documents.filter(isSent);
}

/** Tells a server on which nothing changes and nothing has drifted. */
export function isQuiet(host: PrintedHost): boolean {
  return changedDocuments(host).length === 0 && host.removed.length === 0 && host.drift.length === 0;
}

/** The words for a server on which nothing changes: no more than is known. */
export function quietWords({ made }: PrintedHost): string {
  return made === "observed" ? "the server is as declared" : "nothing is declared otherwise than at the last deploy";
}

/** What a document does, a line each; a change that an earlier document told is not told again. */
export function changeLines(host: PrintedHost, document: PrintedDocument, most: number): string[] {
  const before = host.documents
    .slice(0, host.documents.indexOf(document))
    .flatMap(({ changes }) => changes.map(changeWords));
  const all = [...new Set(document.changes.map(changeWords))];
  const lines = all.filter((line) => !before.includes(line));
  if (lines.length === 0) return [wholeWords(host, document, all.length > 0)];
  const more = lines.length - most;
  return more <= 0 ? lines : [...lines.slice(0, most), `and ${more} more, which \`slipway plan --json\` tells`];
}

/** What is told of a document as a whole. */
function wholeWords({ made }: PrintedHost, { change }: PrintedDocument, told: boolean): string {
  if (told) return "changes as told above";
  switch (change.kind) {
    case "new":
      return "is not there yet";
    case "repair":
      return "is not as it was applied; see below";
    case "blind":
      return made === "offline"
        ? "is not in the plan of the last deploy"
        : "is declared otherwise than it was published";
    default:
      return "is declared otherwise than it was applied";
  }
}

/** The services of which there is something to say: the first start of all says nothing. */
export function toldMoves({ services }: PrintedHost): PrintedHost["services"] {
  return services.filter((move) => !isFirstStart(move));
}

function isFirstStart({ move, reasons }: PrintedHost["services"][number]): boolean {
  return move === "starts" && reasons.includes("it is not there yet");
}

/** Services that run another image than the declared one. */
export function otherImages({ images }: PrintedHost): PrintedHost["images"] {
  return images.filter(({ running, declared }) => running?.some((image) => image !== declared) === true);
}

/** Findings of one kind in one line, with everybody who is concerned. */
export function findingLines({ findings }: PrintedPlan): { readonly level: string; readonly line: string }[] {
  const kinds = Map.groupBy(findings, ({ level, rule, what, reason }) => JSON.stringify([level, rule, what, reason]));
  return Array.from(kinds.values()).flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const services = same.map(({ service }) => service).join(", ");
    const why = first.reason === undefined ? "" : `; waived: ${first.reason}`;
    return [{ level: first.level, line: `${first.what} (${first.rule}): ${services}${why}` }];
  });
}

/** The impact with its estimate. */
export function impactWords({ impact, gap }: PrintedDocument): string {
  return gap === undefined ? impact : `${impact}, about ${gap.seconds} s`;
}

/** One change in one line. */
export function changeWords({ path, from, to }: ReportedChange): string {
  const [old, now] = [shortImage(from), shortImage(to)];
  if (from === "set" || to === "set") return `${path} ${from === "" ? "added" : to === "" ? "removed" : "changed"}`;
  if (from === "") return `${path}: added, ${now}`;
  if (to === "") return `${path}: removed, was ${old}`;
  return `${path}: ${old}${to.startsWith("+") ? ", " : " → "}${now}`;
}

/** A digest by its first twelve digits, as Docker shows it. */
export function shortImage(text: string): string {
  return text.replaceAll(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}/g, "$1…");
}
