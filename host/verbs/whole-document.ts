import type { z } from "zod";
import { readBody, type Body, type DocumentKind } from "../../model/document/bodies.ts";
import type { Document } from "../../model/document/document.ts";
import { formatNumber, type DocumentNumber } from "../../model/document/number.ts";
import { readDocument } from "../../model/document/reader.ts";
import { Failure, sameVersion as todo } from "../failure.ts";

/** A document that was read to its end, with its body as the verb of its kind reads it. */
export interface WholeDocument<Kind extends DocumentKind> {
  readonly document: Document;
  readonly number: DocumentNumber;
  readonly body: Body<Kind>;
}

/** Reads and checks the whole document, before anything acts. */
export function readWhole<Kind extends DocumentKind>(kind: Kind, text: string): WholeDocument<Kind> {
  const read = readDocument(text);
  if (read === undefined) throw new Failure(kind, `the document is cut, or of another version; ${todo}`);
  if (read.document.kind !== kind) {
    throw new Failure(kind, `cannot read a document of kind '${read.document.kind}'; ${todo}`);
  }
  const { body, issues } = readBody(kind, read.document.body);
  if (body === undefined) {
    const what = `document ${formatNumber(read.number)} of ${read.document.resource} cannot be read`;
    throw new Failure(kind, `${what}${fault(issues)}; ${todo}`);
  }
  return { ...read, body };
}

function fault([issue]: readonly z.core.$ZodIssue[]): string {
  if (issue?.code !== "unrecognized_keys") return ` at '${issue?.path.join(".") ?? "its body"}'`;
  return `: it has a field '${[...issue.path, issue.keys[0]].join(".")}' that this version does not know`;
}
