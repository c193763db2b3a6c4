import { isNew, isSent } from "../plan/planned-document.ts";
import type { PrintedDocument, PrintedHost, PrintedPlan, ReportedChange } from "./printed-plan.ts";

/** The first line of a report: the stack and its release. */
export function headline({ stack, release, keepsRelease, rollback }: PrintedPlan): string {
  if (rollback !== undefined && release !== undefined)
    return `${stack}, goes back to release ${release} (run ${rollback.run}, verified ${rollback.time})`;
  const kept = keepsRelease ? " (no release document: the one that was verified last stays)" : "";
  return release === undefined ? stack : `${stack}, release ${release}${kept}`;
}

/** A server by name and address. */
export function hostLine(name: string, { address, movedFrom }: PrintedHost): string {
  if (movedFrom !== undefined) return `${name}, ${address} (the last deploy was to another server, ${movedFrom})`;
  return address === "" ? name : `${name}, ${address}`;
}

/** Tells a plan with the facts of its server. */
export function hasFacts({ made }: PrintedHost): boolean {
  return made === "observed" || made === "offline with facts";
}

/** The source of a plan's knowledge about a server. */
export function basisText({ made, documents, movedFrom }: PrintedHost, plan: UnknownParts): string {
  if (movedFrom !== undefined) return "another server than at the last deploy: it gets everything, with all secrets";
  switch (made) {
    case "observed":
      return "observed: the server was asked";
    case "blind":
      return "blind: the server did not answer; what the last deploy published is taken to be there";
    case "offline":
      if (documents.every(isNew)) return "offline: compared with nothing, since no plan of a deploy was given";
      return `offline: compared with the plan of the last deploy, without server and keys${
        plan.unknown.length === 0 ? "" : `; ${plan.unknown.length} values are unknown here`
      }`;
    case "offline with facts":
      return `offline with facts: the server was asked by a key that only observes${unknownText(plan)}`;
  }
}

/** The parts of a stack that are unknown to an offline plan. */
type UnknownParts = Pick<PrintedPlan, "unknown" | "unknownVariables">;

function unknownText({ unknown, unknownVariables }: UnknownParts): string {
  const parts = [
    ...(unknownVariables.length === 0 ? [] : [`changes of ${counted(unknownVariables.length, "variable")}`]),
    ...(unknown.length === 0 ? [] : [counted(unknown.length, "other value")]),
  ];
  return parts.length === 0 ? "" : `; unknown: ${parts.join(", ")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The documents that are sent, as far as is known. */
export function changedDocuments({ documents }: PrintedHost): PrintedDocument[] {
  return documents.filter(isSent);
}

/** Tells a server on which nothing changes and nothing has drifted. */
export function isUnchanged(host: PrintedHost): boolean {
  return changedDocuments(host).length === 0 && host.removed.length === 0 && host.drift.length === 0;
}

/** The text for an unchanged server. It claims no more than is known. */
export function unchangedText({ made }: PrintedHost): string {
  if (made === "observed") return "the server is as declared";
  return made === "offline with facts"
    ? "the server is as declared, as far as is known here"
    : "nothing differs from the last deploy";
}

/** The changes of a document, a line each, without those that an earlier document already shows. */
export function changeLines(host: PrintedHost, document: PrintedDocument, most: number): string[] {
  const before = host.documents
    .slice(0, host.documents.indexOf(document))
    .flatMap(({ changes }) => changes.map(changeText));
  const all = [...new Set(document.changes.map(changeText))];
  const lines = all.filter((line) => !before.includes(line));
  if (lines.length === 0) return [summaryText(host, document, all.length > 0)];
  // Of what an adoption stops and keeps nothing is left out.
  return document.kind === "adoption" ? lines : cut(lines, most);
}

/** The text for a document without changes of its own; `shownAbove` if earlier documents show all of them. */
function summaryText({ made, documents }: PrintedHost, { change }: PrintedDocument, shownAbove: boolean): string {
  if (shownAbove) return "changes as shown above";
  switch (change.kind) {
    case "new":
      return "is not there yet";
    case "repair":
      return "is not as it was applied; see below";
    case "blind":
      if (made !== "offline") return "differs from what was published";
      return documents.every(isNew)
        ? "is unknown: there is nothing to compare with"
        : "is not in the plan of the last deploy";
    default:
      return "differs from what was applied";
  }
}

/** The moves that are worth a line; the first start of all services is not. */
export function reportedMoves({ services }: PrintedHost): PrintedHost["services"] {
  return services.filter((move) => !isFirstStart(move));
}

function isFirstStart({ move, reasons }: PrintedHost["services"][number]): boolean {
  return move === "starts" && reasons.includes("it is not there yet");
}

/** Everything that is not well, a line for each service and reason: of two ill replicas there is one. */
export function illLines(ill: PrintedHost["ill"]): { readonly service: string; readonly why: string }[] {
  const lines = Map.groupBy(ill, ({ service, why }) => JSON.stringify([service, why]));
  return Array.from(lines.values()).flatMap((same) =>
    same.slice(0, 1).map(({ service, project, why }) => {
      return { service, why: `${why} in ${project}${same.length > 1 ? `, ${same.length} containers` : ""}` };
    }),
  );
}

/** The networks of a server, each in a line with its subnets. */
export function networkLines({ networks }: PrintedHost, most: number): string[] {
  return cut(
    networks.map(({ network, subnets }) => [network, ...subnets].join(" ")),
    most,
  );
}

/** The first lines, and the number of the others. */
function cut(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more <= 0 ? [...lines] : [...lines.slice(0, most), `and ${more} more; see \`slipway plan --json\``];
}

/** Services that run another image than the declared one. */
export function otherImages({ images }: PrintedHost): PrintedHost["images"] {
  return images.filter(({ running, declared }) => running?.some((image) => image !== declared) === true);
}

/** The findings of the policy, one line for all services with the same finding. */
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
export function impactText({ impact, gap }: PrintedDocument): string {
  return gap === undefined ? impact : `${impact}, about ${gap.seconds} s`;
}

/** One change in one line. */
export function changeText({ path, from, to }: ReportedChange): string {
  const [old, now] = [shortImage(from), shortImage(to)];
  if (from === "set" || to === "set") return `${path} ${from === "" ? "added" : to === "" ? "removed" : "changed"}`;
  if (from === "") return `${path}: added, ${now}`;
  if (to === "") return `${path}: removed, was ${old}`;
  return `${path}: ${old}${to.startsWith("+") ? ", " : " → "}${now}`;
}

/** Shortens digests to twelve digits, as Docker does. */
export function shortImage(text: string): string {
  return text.replaceAll(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}/g, "$1…");
}
