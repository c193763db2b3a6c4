import type { Document, DocumentValue } from "./document.ts";

/** What a document says about: the thing on a server under which number, owner and hash are kept, as each verb's `<verb>_object` in host/ names it. */
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
