import { Buffer } from "node:buffer";
import { z } from "zod";
import type { Document } from "../document/document.ts";
import { documentHash, writeDocument } from "../document/writer.ts";
import { readDocument } from "../document/reader.ts";
import { objectOf } from "../document/object.ts";
import {
  formatNumber,
  numberDocument,
  numberDocumentBlind,
  parseNumber,
  type DocumentNumber,
  type LastDocument,
} from "../document/number.ts";
import { differenceSchema, type AppliedFact, type Difference, type WrittenFile } from "../facts/observation.ts";
import { isMap } from "../json.ts";
import { sumOf } from "../sum.ts";
import type { HostFacts } from "./host-facts.ts";

/** One document with its number and the reason for sending it. */
export interface PlannedDocument {
  readonly document: Document;
  readonly hash: string;
  readonly number: string;
  /** The thing on the server that it describes. */
  readonly object: string;
  /** The input of the verb. */
  readonly text: string;
  readonly change: Change;
  /** The applied document; undefined if it is the same or not known. */
  readonly before: Document | undefined;
  /** Everything on the server that differs from the applied document. */
  readonly drift: readonly Difference[];
}

/**
 * The reason for sending a document: it is new, it differs from the applied one, or the server has drifted from it. In
 * a blind plan the reason is only likely.
 */
export const changeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["same", "new", "changed"]) }),
  z.object({ kind: z.literal("repair"), differences: z.array(differenceSchema).readonly() }),
  z.object({ kind: z.literal("blind"), likely: z.enum(["same", "changed", "new"]) }),
]);

type Change = Readonly<z.output<typeof changeSchema>>;

/** Tells a document that is sent, as far as is known. */
export function isSent({ change }: Pick<PlannedDocument, "change">): boolean {
  return change.kind !== "same" && !(change.kind === "blind" && change.likely === "same");
}

/** Tells a document of which nothing is applied yet, as far as is known. */
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
    const last = this.#lastOf(resource);
    if (this.#facts.observation === undefined) {
      return numberDocumentBlind({ desiredHash, last }, this.#newAttempt);
    }
    const known = applied && {
      number: parseNumber(applied.number),
      hash: applied.hash,
      intact: applied.differences.length === 0,
    };
    return numberDocument({ desiredHash, applied: known, last }, this.#newAttempt);
  }

  #lastOf(resource: string): LastDocument | undefined {
    const last = this.#facts.last.documents[resource];
    return last && { number: parseNumber(last.number), hash: last.hash };
  }

  #change({ resource }: Document, hash: string, applied: AppliedFact | undefined): Change {
    if (this.#facts.observation === undefined) {
      const last = this.#lastOf(resource);
      const likely = last === undefined ? "new" : last.hash === hash ? "same" : "changed";
      return { kind: "blind", likely };
    }
    if (applied === undefined) return { kind: "new" };
    if (applied.hash !== hash) return { kind: "changed" };
    return applied.differences.length === 0 ? { kind: "same" } : { kind: "repair", differences: applied.differences };
  }
}

/**
 * The delivered files after `files` is applied, each with the number of the document that wrote it last. A file that
 * already has its bytes is not written again. A container sees a replaced file only after a restart, so the documents
 * of the services that mount the files hold these numbers.
 */
export function writtenFiles(files: PlannedDocument, known: readonly WrittenFile[]): WrittenFile[] {
  return Object.entries(contents(files)).map(([path, content]) => {
    const sha256 = sumOf(content);
    const there = known.find((file) => file.path === path && file.sha256 === sha256);
    return { path, sha256, written: there?.written ?? files.number };
  });
}

/** The numbers that a mount depends on: that of the file, or those of all files below the folder. */
export function writtenBelow(files: readonly WrittenFile[], path: string): string {
  const below = files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
  return [...new Set(below.map(({ written }) => written))].sort().join(" ");
}

function contents({ document }: PlannedDocument): Record<string, Uint8Array> {
  const { files } = document.body;
  const entries = Object.entries(isMap(files) ? files : {}).map(([path, file]): [string, Uint8Array] => {
    const content = isMap(file) ? file["content"] : undefined;
    return [path, content instanceof Uint8Array ? content : Buffer.of()];
  });
  return Object.fromEntries(entries);
}
