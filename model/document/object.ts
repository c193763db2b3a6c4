import type { Document, DocumentValue } from "./document.ts";

/** The thing on a server that a document describes; the server keeps number, owner and hash by its name. */
export function objectOf({ kind, body }: Document): string {
  switch (kind) {
    case "directory":
      return `directory:${text(body["path"])}`;
    case "volume":
      return `volume:${text(body["volume"])}`;
    case "compose":
      return `compose:${text(body["project"])}`;
    default:
      return kind;
  }
}

function text(value: DocumentValue | undefined): string {
  if (typeof value !== "string") throw new Error("a document lacks the name of its object");
  return value;
}
