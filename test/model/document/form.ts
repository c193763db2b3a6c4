import { Buffer } from "node:buffer";
import { isMap, isScalar, parseDocument } from "yaml";
import type { Document, DocumentMap, DocumentValue } from "../../../model/document/document.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import type { DocumentNumber } from "../../../model/document/number.ts";

/** A document that the YAML library read. */
export interface NumberedDocument {
  readonly document: Document;
  readonly number: DocumentNumber;
}

/**
 * The document that is written as exactly these bytes; undefined if there is none. The reader on a host has to accept
 * the same documents and refuse everything else.
 */
export function readCanonical(bytes: Buffer): NumberedDocument | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const read = readYaml(text);
    return writeDocument(read.document, read.number) === text ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a text in the shape of a document with the YAML library, however it is written. */
export function readYaml(text: string): NumberedDocument {
  const parsed = parseDocument(text, { logLevel: "error" });
  if (parsed.errors.length > 0) throw new Error(parsed.errors.join("; "));
  const { kind, resource, number, ...body } = mapOf(parsed.contents, text);
  if (typeof kind !== "string" || typeof resource !== "string" || typeof number !== "string")
    throw new Error("no header");
  const [order = "", attempt = ""] = number.split(".");
  return { document: { kind, resource, body }, number: { order: Number(order), attempt } };
}

function mapOf(node: unknown, text: string): DocumentMap {
  if (!isMap(node)) throw new Error("no map");
  return Object.fromEntries(node.items.map(({ key, value }) => [textOf(key), valueOf(value, text)]));
}

function valueOf(node: unknown, text: string): DocumentValue {
  if (isMap(node)) return mapOf(node, text);
  if (!isScalar(node) || node.range === undefined || node.range === null) throw new Error("no value");
  if (node.tag === "!base64") return bytesAfter(text.slice(node.range[1]));
  return node.type === "BLOCK_LITERAL" ? Buffer.from(textOf(node)) : textOf(node);
}

function textOf(node: unknown): string {
  if (!isScalar(node) || typeof node.value !== "string") throw new Error("no text");
  return node.value;
}

/** Decodes the comments below a size and a sum. */
function bytesAfter(text: string): Buffer {
  const lines = text.split("\n").slice(1);
  const end = lines.findIndex((line) => !/^ +# /.test(line));
  return Buffer.from(lines.slice(0, end).join(""), "base64");
}
