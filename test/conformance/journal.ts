import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { TestServer } from "../hosts/server.ts";

/** The words that commands logged, by file. */
export type Entries = Readonly<Record<string, readonly string[]>>;

/**
 * Records what the commands of a test really did. Each command appends to a file in a folder that has the same path on
 * this machine and on the server.
 */
export class Journal {
  readonly folder: string;
  readonly #server: TestServer;

  private constructor(server: TestServer, folder: string) {
    this.#server = server;
    this.folder = folder;
  }

  static async open(server: TestServer): Promise<Journal> {
    const journal = new Journal(server, mkdtempSync(join(inject("runFolder"), "journal-")));
    await journal.#ssh(`mkdir -p ${journal.folder}`);
    return journal;
  }

  /** A shell command that logs a word. */
  note(file: string, word: string): string {
    return `echo ${word} >> ${this.folder}/${file}`;
  }

  /** A shell command that logs a word and its standard input. */
  noteInput(file: string, word: string): string {
    return `{ printf '${word} '; cat; echo; } >> ${this.folder}/${file}`;
  }

  /** Returns and removes everything that was logged. */
  async take(): Promise<Entries> {
    const lines = `${await this.#ssh(`cd ${this.folder} && grep -r '' . ; rm -rf ${this.folder}/*`)}${this.#local()}`;
    const entries: Record<string, string[]> = {};
    for (const [, file = "", word = ""] of lines.matchAll(/^\.\/([^:]+):(.*)$/gm)) (entries[file] ??= []).push(word);
    return entries;
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    await this.#ssh(`rm -rf ${this.folder}`);
  }

  #local(): string {
    mkdirSync(this.folder, { recursive: true });
    const files = readdirSync(this.folder);
    const text = files.map((file) => readFileSync(join(this.folder, file), "utf8").replace(/^/gm, `./${file}:`));
    for (const file of files) rmSync(join(this.folder, file));
    return text.map((lines) => lines.replace(/\n[^\n]*$/, "\n")).join("");
  }

  async #ssh(command: string): Promise<string> {
    return (await this.#server.ssh(command)).stdout;
  }
}
