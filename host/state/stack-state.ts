import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { readBody, type Body, type DocumentKind } from "../../model/document/bodies.ts";
import { formatNumber, parseNumber, type DocumentNumber } from "../../model/document/number.ts";
import { readDocument } from "../../model/document/reader.ts";
import { parseJson } from "../../model/json.ts";
import { Failure } from "../failure.ts";
import { appendStateLine, fileNameOf, listStateFiles, readStateFile, writeStateFile } from "../files/state-file.ts";
import type { StackPlaces } from "../places.ts";

const appliedSchema = z.object({
  object: z.string(),
  resource: z.string(),
  kind: z.string(),
  number: z.string(),
  hash: z.string(),
  text: z.string(),
});

/** A document that was applied, with the resource that owns its object. */
export interface Applied {
  readonly object: string;
  readonly resource: string;
  readonly kind: string;
  readonly number: DocumentNumber;
  readonly hash: string;
  /** The text of the document, as it came. */
  readonly text: string;
}

/** The server's memory of one stack: the documents that were applied, and what each verb keeps of its object. */
export class StackState {
  readonly #folder: string;

  constructor({ stackState }: Pick<StackPlaces, "stackState">) {
    this.#folder = stackState;
  }

  /** The document that was applied last to an object; undefined if none was. */
  applied(object: string): Applied | undefined {
    return this.#read(join("applied", `${fileNameOf(object)}.json`));
  }

  /** The body of the document that was applied last; undefined if none was, or this version cannot read it. */
  body<Kind extends DocumentKind>(kind: Kind, object: string = kind): Body<Kind> | undefined {
    return readBody(kind, readDocument(this.applied(object)?.text ?? "")?.document.body).body;
  }

  /** The same for observations: undefined, too, if its file is damaged, which the facts of applied documents tell. */
  intactBody<Kind extends DocumentKind>(kind: Kind): Body<Kind> | undefined {
    try {
      return this.body(kind);
    } catch {
      return undefined;
    }
  }

  /** Tells whether a document was applied to an object, also where it cannot be read any more. */
  hasApplied(object: string): boolean {
    return existsSync(join(this.#folder, "applied", `${fileNameOf(object)}.json`));
  }

  /** Every applied document, by object. One that cannot be read is in `damaged` by the path of its file. */
  allApplied(): { readonly applied: readonly Applied[]; readonly damaged: readonly string[] } {
    const applied: Applied[] = [];
    const damaged: string[] = [];
    for (const name of listStateFiles(join(this.#folder, "applied"))) {
      const path = join("applied", name);
      try {
        const found = this.#read(path);
        if (found !== undefined) applied.push(found);
      } catch {
        damaged.push(join(this.#folder, path));
      }
    }
    return { applied: applied.sort((a, b) => (a.object < b.object ? -1 : 1)), damaged };
  }

  writeApplied({ number, ...applied }: Applied): void {
    const content = JSON.stringify({ ...applied, number: formatNumber(number) });
    writeStateFile(join(this.#folder, "applied", `${fileNameOf(applied.object)}.json`), content);
  }

  /** Forgets an object: its document and everything that its verb kept. */
  forget(object: string): void {
    for (const folder of ["memory", "applied"]) {
      rmSync(join(this.#folder, folder, `${fileNameOf(object)}.json`), { force: true });
    }
  }

  /** The data that a verb keeps under a name; undefined if it keeps none, or none that this version understands. */
  memory<Data>(name: string, schema: z.ZodType<Data>): Data | undefined {
    const text = readStateFile(join(this.#folder, "memory", `${fileNameOf(name)}.json`));
    return text === undefined ? undefined : schema.safeParse(parseJson(text)).data;
  }

  /** Tells data under a name that cannot be read, or not by this version. */
  isDamaged(name: string, schema: z.ZodType): boolean {
    const text = readStateFile(join(this.#folder, "memory", `${fileNameOf(name)}.json`));
    return text !== undefined && !schema.safeParse(parseJson(text)).success;
  }

  /** The data that verbs keep under any name, as far as it has this form. */
  allMemory<Data>(schema: z.ZodType<Data>): Data[] {
    const folder = join(this.#folder, "memory");
    return listStateFiles(folder).flatMap((name) => {
      const { data } = schema.safeParse(parseJson(readStateFile(join(folder, name)) ?? ""));
      return data === undefined ? [] : [data];
    });
  }

  remember(name: string, data: unknown): void {
    writeStateFile(join(this.#folder, "memory", `${fileNameOf(name)}.json`), JSON.stringify(data));
  }

  forgetMemory(name: string): void {
    rmSync(join(this.#folder, "memory", `${fileNameOf(name)}.json`), { force: true });
  }

  /** Adds a line to the stack's journal, in which the next run reads what a dead one was doing. */
  journal(line: string): void {
    appendStateLine(join(this.#folder, "journal"), line);
  }

  /** Cuts the journal to its last lines once it is long, since each observation reads it (SEC-C11). */
  shortenJournal(most = 1_000): void {
    const lines = this.journalLines(2 * most + 1);
    if (lines.length <= 2 * most) return;
    writeStateFile(join(this.#folder, "journal"), `${lines.slice(-most).join("\n")}\n`);
  }

  /** The last lines of the journal. */
  journalLines(most: number): string[] {
    const lines = readStateFile(join(this.#folder, "journal"))?.trimEnd().split("\n") ?? [];
    return lines.slice(-most);
  }

  #read(path: string): Applied | undefined {
    const text = readStateFile(join(this.#folder, path));
    if (text === undefined) return undefined;
    try {
      const { number, ...applied } = appliedSchema.parse(JSON.parse(text));
      return { ...applied, number: parseNumber(number) };
    } catch {
      const what = `'${join(this.#folder, path)}' cannot be read; restore it from a backup of the server`;
      throw new Failure("state", `${what}, or without one move it away and run \`pulumi up\` ${whenMoved(path)}`);
    }
  }
}

/** Each verb writes its file again. Until then the stack's claim, which alone has that mark, protects nothing (F99). */
function whenMoved(path: string): string {
  return basename(path) === `${fileNameOf("claim")}.json` ? "at once: until then the stack is not protected" : "again";
}
