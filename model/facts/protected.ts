import { readDocument } from "../document/reader.ts";
import type { Observation } from "./observation.ts";

/** Tells whether a server holds the stack as protected: its applied claim says so, as host/claim.sh reads it, too. */
export function isProtected({ applied }: Pick<Observation, "applied">): boolean {
  const claim = applied.find(({ object }) => object === "claim");
  return readDocument(claim?.text ?? "")?.document.body["protected"] === "true";
}
