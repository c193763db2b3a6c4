import { documentHash, writeDocument, type Document } from "../document/document.ts";
import { readDocument } from "../document/reader.ts";
import { objectOf } from "../document/object.ts";
import {
  formatNumber,
  numberDocument,
  numberDocumentBlind,
  parseNumber,
  type DocumentNumber,
  type PublishedDocument,
} from "../document/number.ts";
import type { AppliedFact, Difference } from "../facts/observation.ts";
import type { HostFacts } from "./plan.ts";

/** One document as it will travel, and why. */
export interface PlannedDocument {
  readonly document: Document;
  readonly hash: string;
  readonly number: string;
  /** What is kept under it on the server. */
  readonly object: string;
  /** What a verb reads. */
  readonly text: string;
  readonly change: Change;
  /** Where the document changes: the one that was applied, as far as that is known. */
  readonly before: Document | undefined;
  /** What on the server is no longer as it was applied, whatever else changes. */
  readonly drift: readonly Difference[];
}

/** Why a document is sent: it is not there yet, it says something else than the applied one, or the server is not as it says. `blind` is not known. */
export type Change =
  | { readonly kind: "same" }
  | { readonly kind: "new" }
  | { readonly kind: "changed" }
  | { readonly kind: "repair"; readonly differences: readonly Difference[] }
  | { readonly kind: "blind"; readonly likely: "same" | "changed" | "new" };

/** Whether a document is sent, as far as anybody knows. */
export function isSent({ change }: Pick<PlannedDocument, "change">): boolean {
  return change.kind !== "same" && !(change.kind === "blind" && change.likely === "same");
}

/** Whether nothing of a document is there yet, as far as anybody knows. */
export function isNew({ change }: Pick<PlannedDocument, "change">): boolean {
  return change.kind === "new" || (change.kind === "blind" && change.likely === "new");
}

/** Gives each document of one plan its number. */
export class DocumentNumbers {
  readonly #facts: HostFacts;
  readonly #newAttempt: () => string;

  constructor(facts: HostFacts, newAttempt: () => string) {
    this.#facts = facts;
    this.#newAttempt = newAttempt;
  }

  plan(document: Document): PlannedDocument {
    const hash = documentHash(document);
    const applied = this.#appliedTo(document);
    const number = this.#number(document, hash, applied);
    return {
      document,
      hash,
      number: formatNumber(number),
      object: objectOf(document),
      text: writeDocument(document, number),
      change: this.#change(document, hash, applied),
      before: applied?.hash === hash ? undefined : this.#before(document, applied),
      drift: applied?.differences ?? [],
    };
  }

  #before(document: Document, applied: AppliedFact | undefined): Document | undefined {
    const text = applied?.text ?? this.#facts.before?.get(objectOf(document)) ?? "";
    return readDocument(text)?.document;
  }

  #appliedTo(document: Document): AppliedFact | undefined {
    const object = objectOf(document);
    return this.#facts.observation?.applied.find((fact) => fact.object === object);
  }

  #number({ resource }: Document, desiredHash: string, applied: AppliedFact | undefined): DocumentNumber {
    const published = this.#publishedOf(resource);
    if (this.#facts.observation === undefined) {
      return numberDocumentBlind({ desiredHash, published }, this.#newAttempt);
    }
    const known = applied && {
      number: parseNumber(applied.number),
      hash: applied.hash,
      intact: applied.differences.length === 0,
    };
    return numberDocument({ desiredHash, applied: known, published }, this.#newAttempt);
  }

  #publishedOf(resource: string): PublishedDocument | undefined {
    const found = this.#facts.published.documents[resource];
    return found && { number: parseNumber(found.number), hash: found.hash };
  }

  #change({ resource }: Document, hash: string, applied: AppliedFact | undefined): Change {
    if (this.#facts.observation === undefined) {
      const published = this.#publishedOf(resource);
      const likely = published === undefined ? "new" : published.hash === hash ? "same" : "changed";
      return { kind: "blind", likely };
    }
    if (applied === undefined) return { kind: "new" };
    if (applied.hash !== hash) return { kind: "changed" };
    return applied.differences.length === 0 ? { kind: "same" } : { kind: "repair", differences: applied.differences };
  }
}
