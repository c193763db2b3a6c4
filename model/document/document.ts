/**
 * A value in a document: one line of text, the bytes of a file, or a map. There are no lists: maps are sorted by name,
 * and the engine compares them by name.
 */
export type DocumentValue = string | Uint8Array | DocumentMap;

/** Values by name. The order has no meaning; a document is written in the order of the names' bytes. */
export interface DocumentMap {
  readonly [name: string]: DocumentValue;
}

/** The desired state of one resource on a host, as plain data. Of secrets it holds names and fingerprints only. */
export interface Document {
  /** The verb that reads it. */
  readonly kind: string;
  /** The resource that owns everything the verb makes. */
  readonly resource: string;
  readonly body: DocumentMap;
}
