import { documentChanges, leafChanges, type FieldChange } from "../document/changes.ts";
import { isMap } from "../json.ts";
import type { Document, DocumentMap } from "../document/document.ts";
import { composeChanges } from "./compose.ts";
import { counted, hidden, shown, type DescribedChange } from "./change.ts";
import type { ReportedChange } from "./printed-plan.ts";

/** What differs between an applied document and the one that is wanted, in words that people know; nothing only where they are the same. */
export function describeChanges(applied: Document, wanted: Document): DescribedChange[] {
  const images = wanted.kind === "images" ? imageChanges(applied.body, wanted.body) : [];
  const changes = documentChanges(applied, wanted)
    .flatMap(leafChanges)
    .filter(({ path: [top] }) => images.length === 0 || top !== "images");
  return [
    ...images,
    ...changes.filter((change) => !isPartOfNewFile(change)).flatMap((change) => describe(wanted, change)),
  ];
}

function describe({ kind, body }: Document, change: FieldChange): DescribedChange[] {
  const [top = "", name = "", field = "", ...rest] = change.path;
  const { from, to } = change;
  if (top === "compose" && from instanceof Uint8Array && to instanceof Uint8Array) return composeChanges(from, to);
  if (top === "services") return [serviceChange(name, field, rest, change)];
  if (top === "files" && field === "entries" && name !== ".env") return [hidden(`secret file ${name}`, change)];
  if (top === "files" && field === "entries") return [hidden(`variable ${rest.join(".")}`, change)];
  if (top === "secrets") return [shown(`secret file ${name} ${field}`.trimEnd(), change)];
  if (top === "env" && name === "entries") return [hidden(`variable ${[field, ...rest].join(".")}`, change)];
  if (top === "files" && field === "content") return [counted(`file ${name}`, change)];
  if (top === "files" && name !== "") return [shown(`file ${name} ${field}`.trimEnd(), change)];
  if (top === "image" && typeof body["service"] === "string") return [shown(`${body["service"]} image`, change)];
  if (kind === "claim" && top !== "resource") return [claimChange(change)];
  if (top === "networks") return [shown(`network ${name}`, change)];
  if (from instanceof Uint8Array || to instanceof Uint8Array) return [counted(top, change)];
  return [shown(change.path.join(" "), change)];
}

/** A file that comes or goes is told by its content, one with secrets by its variable, and one of a release by its owner. */
function isPartOfNewFile({ path: [top, , field = ""], from, to }: FieldChange): boolean {
  if (from !== undefined && to !== undefined) return false;
  return top === "files"
    ? ["mode", "owner", "staged"].includes(field)
    : top === "secrets" && ["mode", "staged"].includes(field);
}

/** What a document says of a service beside its compose file. */
function serviceChange(service: string, field: string, rest: readonly string[], change: FieldChange): DescribedChange {
  const below = rest.join(".");
  const whole = { service };
  switch (field) {
    case "image":
      return { ...shown(`${service} image`, change), ...whole, reason: "its image changed" };
    case "variables":
      return { ...hidden(`${service} variable ${below}`, change), ...whole, reason: `${below} changed` };
    case "mounts":
      return { ...written(service, below, change), ...whole };
    default:
      return { ...shown([service, field, below].join(" ").trimEnd(), change), ...whole };
  }
}

/** The numbers of the last writes say nothing to people. That a file is mounted at all is told by the compose file. */
function written(service: string, target: string, { from, to }: FieldChange): ReportedChange & { reason?: string } {
  const path = `${service} mounted file ${target}`;
  if (from === undefined || to === undefined) return hidden(path, { from, to });
  return { path, from: "as it started with", to: "written anew", reason: mountReason(target) };
}

/** Why a service restarts whose mounted file is written anew; where more is known of the file, it is named instead. */
export function mountReason(target: string): string {
  return `its file ${target} is written anew`;
}

const claimed: Readonly<Record<string, string>> = { ports: "port", projects: "project", volumes: "volume" };

function claimChange(change: FieldChange): ReportedChange {
  const [top = "", name = ""] = change.path;
  return shown(`${claimed[top] ?? top.replace(/^networks$/, "network")} ${name}`.trimEnd(), change);
}

/** By service, since a digest that goes and another that comes are one change to people. */
function imageChanges(from: DocumentMap, to: DocumentMap): ReportedChange[] {
  const [old, now] = [imagesOf(from), imagesOf(to)];
  const services = [...new Set([...old.keys(), ...now.keys()])].sort();
  return services
    .filter((service) => old.get(service) !== now.get(service))
    .map((service) => shown(`${service.replace("@", "")} image`, { from: old.get(service), to: now.get(service) }));
}

function imagesOf({ images }: DocumentMap): Map<string, string> {
  const entries = isMap(images) ? Object.entries(images) : [];
  return new Map(
    entries.flatMap(([image, services]) =>
      typeof services === "string" ? services.split(" ").map((service): [string, string] => [service, image]) : [],
    ),
  );
}
