import { Buffer } from "node:buffer";
import type { Document, DocumentMap, DocumentValue } from "./document.ts";
import { writeDocument } from "./writer.ts";
import { parseNumber, type DocumentNumber } from "./number.ts";

/** An applied document with its number. */
interface NumberedDocument {
  readonly document: Document;
  readonly number: DocumentNumber;
}

/**
 * Reads a document that a server returns; undefined if the text is not one. The result is written again and must give
 * the same text, so that nothing is read differently from how it was written.
 */
export function readDocument(text: string): NumberedDocument | undefined {
  try {
    const lines = new Lines(text.split("\n").slice(0, -2));
    const { kind, resource, number, ...body } = lines.map("");
    if (typeof kind !== "string" || typeof resource !== "string" || typeof number !== "string") return undefined;
    const read = { document: { kind, resource, body }, number: parseNumber(number) };
    return writeDocument(read.document, read.number) === text ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the lines of a document from the first to the last. */
class Lines {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** Reads the map whose names have this indent. */
  map(indent: string): DocumentMap {
    const entries: [string, DocumentValue][] = [];
    for (let line = this.#lines[this.#at]; line !== undefined; line = this.#lines[this.#at]) {
      const [, spaces = "", name = "", value = ""] = /^( *)('(?:[^']|'')*'|[^': ]+):(?: (.*))?$/su.exec(line) ?? [];
      if (name === "" || spaces !== indent) break;
      this.#at += 1;
      entries.push([unquote(name), this.#value(value, `${indent}  `)]);
    }
    return Object.fromEntries(entries);
  }

  #value(start: string, indent: string): DocumentValue {
    if (start === "") return this.map(indent);
    if (start === "{}") return {};
    if (start.startsWith("!base64 ")) return Buffer.from(this.#below(`${indent}# `).join(""), "base64");
    if (start === "|2-") return Buffer.from(this.#below(indent).join("\n"));
    if (start === "|2+") return Buffer.from(this.#below(indent).map(ended).join(""));
    return unquote(start);
  }

  /** Reads the lines of a file's content and removes their indent; only empty lines have none. */
  #below(indent: string): string[] {
    const start = this.#at;
    while (this.#isBelow(indent)) this.#at += 1;
    return this.#lines.slice(start, this.#at).map((line) => line.slice(indent.length));
  }

  #isBelow(indent: string): boolean {
    const line = this.#lines[this.#at];
    return line !== undefined && (line === "" || line.startsWith(indent));
  }
}

function ended(line: string): string {
  return `${line}\n`;
}

function unquote(text: string): string {
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}
