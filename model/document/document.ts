import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { contentLines } from "./content.ts";
import { documentProblems } from "./problem.ts";
import { quoteName, quoteText } from "./text.ts";
import { formatNumber, type DocumentNumber } from "./number.ts";
import { configurationError } from "../problem.ts";

/** What may stand behind a name: one line of text, the bytes of a file, or more names. There are no lists: names sort themselves, and the engine compares by name. */
export type DocumentValue = string | Uint8Array | DocumentMap;

/** Names and what stands behind them. Their order says nothing; a document writes them in the order of their bytes. */
export interface DocumentMap {
  readonly [name: string]: DocumentValue;
}

/** What one resource shall be on a host, as plain data. No secret ever stands in it: names and fingerprints do. */
export interface Document {
  /** Which verb reads it. */
  readonly kind: string;
  /** The resource that owns what the verb makes. */
  readonly resource: string;
  readonly body: DocumentMap;
}

/**
 * Writes the text that travels to a verb through `stdin`: a strict subset of YAML, one text for one document, which the engine compares field by field and
 * `host/document.sh` reads without a parser.
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
 * The last line vouches for the bytes before it. Of a document that changed, `pulumi preview --diff` shows
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

/** What makes two documents the same, whatever their numbers: a revert or a repair has the hash of what was there before. */
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
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap(([name, value]) => entryLines(indent + quoteName(name), value, `${indent}  `));
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
  if (!/^[1-9][0-9]{0,14}\.[0-9a-z]+$/.test(text)) throw new Error(`no number of a document: '${text}'`);
  return text;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
