import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../toolchain/paths.ts";
import { covered } from "./proof-parts.ts";

/** The figures of one part. */
interface Figures {
  readonly passed: number;
  readonly failed: number;
  readonly minutes: string;
}

/** docs/proof.md: one line for each part, with the commit at which it ran last. */
export class ProofRecord {
  readonly #file: string;
  readonly #git: (...words: string[]) => string;

  constructor(file: string, git: (...words: string[]) => string) {
    this.#file = file;
    this.#git = git;
  }

  static open(): ProofRecord {
    const git = (...words: string[]): string =>
      execFileSync("git", ["-C", checkout, ...words], { encoding: "utf8" }).trim();
    return new ProofRecord(join(checkout, "docs", "proof.md"), git);
  }

  /** Writes the line of a part in the place of its last one. A tree with changes is no commit, and says so. */
  write(part: string, { passed, failed, minutes }: Figures): void {
    const changed = this.#git("status", "--porcelain", "--", ...covered) !== "";
    const commit = `${this.#git("rev-parse", "--short", "HEAD")}${changed ? " with changes" : ""}`;
    const row = [part, commit, new Date().toISOString().slice(0, 10), String(passed), String(failed), minutes];
    const rows = [...this.#rows().filter(([other]) => other !== part), row].sort(([a = ""], [b = ""]) =>
      a < b ? -1 : 1,
    );
    writeFileSync(this.#file, [heading, ...table([columns, ...rows]), ""].join("\n"));
  }

  /** One line for each part: whether its proof still holds. */
  states(parts: readonly string[]): string[] {
    const rows = new Map(this.#rows().map((row) => [row[0] ?? "", row]));
    return parts.map((part) => `${part.padEnd(16)} ${this.#stateOf(rows.get(part))}`);
  }

  #stateOf(row: readonly string[] | undefined): string {
    if (row === undefined) return "not run yet";
    const [, commit = "", date = "", , failed = ""] = row;
    if (failed !== "0") return `failed at ${commit} on ${date}`;
    if (!/^[0-9a-f]+$/.test(commit)) return `passed on ${date}, but not at a commit (${commit})`;
    const since = this.#git("diff", "--name-only", commit, "HEAD", "--", ...covered);
    return since === "" ? `passed at ${commit} on ${date}` : `old: passed at ${commit} on ${date}`;
  }

  #rows(): string[][] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, "utf8").split("\n");
    const rows = lines.filter((line) => line.startsWith("|")).map(cellsOf);
    return rows.filter(([part = ""]) => part !== columns[0] && !part.startsWith("---"));
  }
}

function cellsOf(line: string): string[] {
  const cells = line.split("|").slice(1, -1);
  return cells.map((cell) => cell.trim());
}

/** The lines of a table, whose first row is its head. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

const columns = ["part", "commit", "date", "passed", "failed", "minutes"];

const heading = [
  "# Proof",
  "",
  "`npm test` runs samples of long series of tests. `npm run proof -- <part>` runs one series in full and writes its",
  "line here. `npm run proof` lists which lines still hold: nothing that they cover has changed since that commit.",
  "",
].join("\n");
