import { documentChanges, leafChanges, type FieldChange } from "../document/changes.ts";
import { envFolder, isEnvFile, stackEnvFile } from "../env-folder.ts";
import { isMap } from "../json.ts";
import { megabytes } from "../byte-size.ts";
import type { Document, DocumentMap } from "../document/document.ts";
import { composeChanges } from "./compose.ts";
import { lineCountChange, maskedChange, shownChange, type DescribedChange } from "./change.ts";
import type { ReportedChange } from "./printed-plan.ts";

/** Describes all changes from an applied document to the desired one in the words of users. */
export function describeChanges(applied: Document, desired: Document): DescribedChange[] {
  const images = desired.kind === "images" ? imageChanges(applied.body, desired.body) : [];
  const changes = documentChanges(applied, desired)
    .flatMap(leafChanges)
    .filter(({ path: [top] }) => images.length === 0 || top !== "images");
  return [
    ...images,
    ...changes.filter((change) => !isImpliedByFile(change)).flatMap((change) => describe(desired, change)),
  ];
}

function describe({ kind, body }: Document, change: FieldChange): DescribedChange[] {
  const [top = "", name = "", field = "", ...rest] = change.path;
  const { from, to } = change;
  if (top === "compose" && from instanceof Uint8Array && to instanceof Uint8Array) return composeChanges(from, to);
  if (top === "services") return [serviceChange(name, field, rest, change)];
  if (top === "files" && field === "entries" && !isEnvFile(name)) return [maskedChange(`secret file ${name}`, change)];
  if (top === "files" && field === "entries") return [maskedChange(variablePath(name, rest.join(".")), change)];
  if (top === "secrets") return [shownChange(`secret file ${name} ${field}`.trimEnd(), change)];
  if (top === "env" && field === "entries") return [maskedChange(variablePath(name, rest.join(".")), change)];
  if (top === "files" && field === "content") return [lineCountChange(`file ${name}`, change)];
  if (top === "files" && name !== "") return [shownChange(`file ${name} ${field}`.trimEnd(), change)];
  if (top === "image" && typeof body["service"] === "string") return [shownChange(`${body["service"]} image`, change)];
  if (kind === "rollout" && top === "made") return []; // the sum of what other lines tell
  if (kind === "confirm") return confirmChanges(change);
  if (kind === "claim" && top === "memory") return [memoryChange(change)];
  if (kind === "claim" && top !== "resource") return [claimChange(change)];
  if (top === "networks") return [shownChange(`network ${name}`, change)];
  if (from instanceof Uint8Array || to instanceof Uint8Array) return [lineCountChange(top, change)];
  return [shownChange(change.path.join(" "), change)];
}

/** Bytes that the stack may use, or why they may be more than the server has. */
function memoryChange({ path: [, field = "", part = ""], from, to }: FieldChange): ReportedChange {
  const words = (value: FieldChange["from"]): FieldChange["from"] =>
    typeof value === "string" && field !== "overcommit" ? megabytes(Number(value)) : value;
  const what = field === "parts" ? `of the ${part}` : field;
  return shownChange(`memory ${what}`, { from: words(from), to: words(to) });
}

/** A variable by the env file in which it stands, unless that is the stack's own. */
export function variablePath(file: string, variable: string): string {
  if (file === stackEnvFile) return `variable ${variable}`;
  // A variable of an encrypted file of its own has that file's path before its name.
  return `variable ${variable.slice(variable.lastIndexOf(" ") + 1)} in ${file.slice(envFolder.length + 1)}`;
}

/**
 * Tells the fields of an added or removed file that need no line of their own: a file is reported by its content, the
 * env file by its variables, a secret file of the release by its owner.
 */
function isImpliedByFile({ path: [top, , field = ""], from, to }: FieldChange): boolean {
  if (from !== undefined && to !== undefined) return false;
  if (top === "env") return field === "staged";
  return top === "files"
    ? ["mode", "owner", "staged"].includes(field)
    : top === "secrets" && ["mode", "staged"].includes(field);
}

/** The change of a field that a document has of a service besides its compose file. */
function serviceChange(service: string, field: string, rest: readonly string[], change: FieldChange): DescribedChange {
  const below = rest.join(".");
  switch (field) {
    case "image":
      return { ...shownChange(`${service} image`, change), service, reason: "its image changed" };
    case "variables":
      return { ...maskedChange(`${service} variable ${below}`, change), service, reason: `${below} changed` };
    case "mounts":
      return { ...mountedFileChange(service, below, change), service };
    default:
      return { ...shownChange([service, field, below].join(" ").trimEnd(), change), service };
  }
}

/** The number of a file's last write means nothing to users. An added or removed mount is in the compose file too. */
function mountedFileChange(
  service: string,
  target: string,
  { from, to }: FieldChange,
): ReportedChange & { reason?: string } {
  const change = maskedChange(`${service} mounted file ${target}`, { from, to });
  return from === undefined || to === undefined ? change : { ...change, reason: mountReason(target) };
}

/** The reason for restarting a service whose mounted file is rewritten. `serviceMoves` names the file if it can. */
export function mountReason(target: string): string {
  return `its file ${target} is rewritten`;
}

/** The release that is confirmed is the one of the rollout, whose document tells how it changes. */
function confirmChanges(change: FieldChange): ReportedChange[] {
  const [top = "", name = ""] = change.path;
  if (top === "rollout") return [maskedChange("rollout", change)];
  if (top === "images") return [shownChange(`${name.replace("@", "")} image`, change)];
  return [shownChange(top === "warm" ? "previous release" : top, change)];
}

const claimNouns: Readonly<Record<string, string>> = {
  networks: "network",
  ports: "port",
  projects: "project",
  volumes: "volume",
};

function claimChange(change: FieldChange): ReportedChange {
  const [top = "", name = ""] = change.path;
  return shownChange(`${claimNouns[top] ?? top} ${name}`.trimEnd(), change);
}

/** The changes of images by service: to users, a removed digest and an added one are one change. */
function imageChanges(from: DocumentMap, to: DocumentMap): ReportedChange[] {
  const [old, now] = [imagesByService(from), imagesByService(to)];
  const services = [...new Set([...old.keys(), ...now.keys()])].sort();
  return services
    .filter((service) => old.get(service) !== now.get(service))
    .map((service) =>
      shownChange(`${service.replace("@", "")} image`, { from: old.get(service), to: now.get(service) }),
    );
}

function imagesByService({ images }: DocumentMap): Map<string, string> {
  const entries = isMap(images) ? Object.entries(images) : [];
  return new Map(
    entries.flatMap(([image, services]) =>
      typeof services === "string" ? services.split(" ").map((service): [string, string] => [service, image]) : [],
    ),
  );
}
