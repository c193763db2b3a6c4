import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentMap, DocumentValue } from "../../model/document/document.ts";
import { documentHash } from "../../model/document/writer.ts";
import { formatNumber } from "../../model/document/number.ts";
import type { NumberedDocument } from "../model/document/form.ts";

/** The reader's result for one text on a host: everything that it read, or the reason for a refusal. */
export interface Reading {
  readonly accepted: boolean;
  readonly said: string;
  readonly contents: readonly Buffer[];
}

/** Reads many texts in one bash, each as the document of a verb. */
export async function readOnHost(
  texts: readonly Buffer[],
  environment: Record<string, string> = {},
): Promise<Reading[]> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-document-"));
  try {
    const files = texts.map((text, index) => {
      const file = join(folder, String(index));
      writeFileSync(file, text);
      return file;
    });
    await runReader(files, environment);
    return files.map(readingOf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runReader(files: readonly string[], environment: Record<string, string>): Promise<void> {
  const script = 'umask 000; exec bash "$1"';
  const reader = spawn("bash", ["-c", script, "reader", "test/host/read-documents.sh"], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["pipe", "ignore", "inherit"],
  });
  reader.stdin.end(files.map((file) => `${file}\n`).join(""));
  return new Promise((resolve, reject) => {
    reader.once("error", reject);
    reader.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`the reader ended with ${String(code)}`)),
    );
  });
}

function readingOf(file: string): Reading {
  const said = readFileSync(`${file}.said`, "utf8");
  const count = said.split("\n").filter((line) => line.startsWith("content\t")).length;
  return {
    accepted: readFileSync(`${file}.code`, "utf8") === "0",
    said,
    contents: Array.from({ length: count }, (_, index) => readFileSync(`${file}.${index + 1}`)),
  };
}

/** The reader's expected result for a document. */
export function expectedReading({ document, number }: NumberedDocument): Reading {
  const contents: Buffer[] = [];
  const header = [document.kind, document.resource, formatNumber(number), documentHash(document)];
  const body = expectedLines(document.body, [], contents);
  return { accepted: true, said: [...header, ...body, ""].join("\n"), contents };
}

function expectedLines(map: DocumentMap, path: readonly string[], contents: Buffer[]): string[] {
  const entries = Object.entries(map).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const below = entries.flatMap(([name, value]) => expectedEntry(value, [...path, name], contents));
  return [`map\t${path.join("\t")}`, ...below];
}

function expectedEntry(value: DocumentValue, path: readonly string[], contents: Buffer[]): string[] {
  if (typeof value === "string") return [`value\t${path.join("\t")}\t${value}`];
  if (!(value instanceof Uint8Array)) return expectedLines(value, path, contents);
  contents.push(Buffer.from(value));
  return [`content\t${path.join("\t")}`];
}
