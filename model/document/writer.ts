import { sumOf } from "../sum.ts";
import { Buffer } from "node:buffer";
import { configurationError } from "../problem.ts";
import { contentLines } from "./content.ts";
import type { Document, DocumentMap, DocumentValue } from "./document.ts";
import { formatNumber, type DocumentNumber } from "./number.ts";
import { documentProblems } from "./problem.ts";
import { quoteName, quoteText } from "./text.ts";

/**
 * Writes the text that a verb reads from `stdin`: a strict subset of YAML, with exactly one text for each document. The
 * engine compares it field by field, and `readDocument` reads it on both sides.
 *
 *     kind: 'files'
 *     resource: 'files'
 *     number: '4.7f3a9c'
 *     directory: '/var/www/aaperture'
 *     files:
 *       'logo.png':
 *         content: !base64 '1234 bytes sha256:…'
 *           # iVBORw0KGgo…
 *         mode: '0644'
 *       'prometheus/prometheus.yml':
 *         content: |2+
 *           global:
 *             scrape_interval: 30s
 *         mode: '0644'
 *     # 431 bytes sha256:…
 *
 * The last line has the length and sum of the text before it. For a changed document, `pulumi preview --diff` shows
 *
 *     ~ stdin: (yaml) {
 *         directory: "/var/www/aaperture"
 *       ~ files    : {
 *           ~ logo.png                 : {
 *               ~ content: "1234 bytes sha256:…" => "1240 bytes sha256:…"
 *                 mode   : "0644"
 *             }
 *           ~ prometheus/prometheus.yml: {
 *               ~ content: (yaml) {
 *                   ~ global: {
 *                       ~ scrape_interval: "15s" => "30s"
 *                     }
 *                 }
 *                 mode   : "0644"
 *             }
 *         }
 *         kind     : "files"
 *       ~ number   : "3.a90b12" => "4.7f3a9c"
 *         resource : "files"
 *     }
 */
export function writeDocument(document: Document, number: DocumentNumber): string {
  const [kind, resource, ...body] = documentLines(document);
  const text = [kind, resource, `number: ${quoteText(numberText(number))}`, ...body, ""].join("\n");
  return `${text}# ${Buffer.byteLength(text)} bytes sha256:${sha256(text)}\n`;
}

/** The hash of a document without its number: a revert or a repair has the hash of the earlier document. */
export function documentHash(document: Document): string {
  return sha256([...documentLines(document), ""].join("\n"));
}

function documentLines(document: Document): string[] {
  const problems = documentProblems(document);
  if (problems.length > 0) throw configurationError(problems);
  return [
    `kind: ${quoteText(document.kind)}`,
    `resource: ${quoteText(document.resource)}`,
    ...mapLines(document.body, ""),
  ];
}

function mapLines(map: DocumentMap, indent: string): string[] {
  return Object.entries(map)
    .sort(([a], [b]) => compareNames(a, b))
    .flatMap(([name, value]) => entryLines(indent + quoteName(name), value, `${indent}  `));
}

/** By their bytes. Letters beyond the first plane, of which JavaScript makes two, have another order there. */
function compareNames(one: string, other: string): number {
  if (!/[\ud800-\udfff]/.test(one + other)) return one < other ? -1 : 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function entryLines(start: string, value: DocumentValue, indent: string): string[] {
  if (typeof value === "string") return [`${start}: ${quoteText(value)}`];
  if (value instanceof Uint8Array) {
    const [form, ...lines] = contentLines(value, indent);
    return [`${start}: ${form}`, ...lines];
  }
  const lines = mapLines(value, indent);
  return lines.length === 0 ? [`${start}: {}`] : [`${start}:`, ...lines];
}

function numberText(number: DocumentNumber): string {
  const text = formatNumber(number);
  if (!/^[1-9][0-9]{0,14}\.[0-9a-z]+$/.test(text)) throw new Error(`not the number of a document: '${text}'`);
  return text;
}

function sha256(text: string): string {
  return sumOf(text);
}
