import type { Document, DocumentValue } from "./document.ts";

/** The thing on a server that a document describes; the server keeps number, owner and hash by its name. */
export function objectOf({ kind, body }: Document): string {
  switch (kind) {
    case "directory":
      return `directory:${text(body["path"])}`;
    case "volume":
      return `volume:${text(body["volume"])}`;
    case "compose":
      return composeObject(text(body["project"]), body["after"] !== undefined);
    case "migration":
      return `migration:${text(body["service"])}`;
    default:
      return kind;
  }
}

/** The object of a compose project, or of the services in it that start after the release. */
export function composeObject(project: string, after: boolean): string {
  return after ? `compose:${project}:after` : `compose:${project}`;
}

function text(value: DocumentValue | undefined): string {
  if (typeof value !== "string") throw new Error("a document lacks the name of its object");
  return value;
}
