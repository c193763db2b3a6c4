import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder with the cases; undefined if the environment names none. */
export const casesFolder: string | undefined = process.env["SLIPWAY_COMPOSE_CASES"];

/** Pulumi files of cases whose configuration had to change with slipway's own. */
const overrides = join(import.meta.dirname, "..", "overrides");

/** Links stay as they are: one that leads out of the case leads out of the copy. */
const copies = { recursive: true, verbatimSymlinks: true };

/** The temporary folders of one case. */
export class CasePlace implements Disposable {
  readonly name: string;
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-case-"));
  /** The repository that slipway reads. */
  readonly repository = join(this.folder, "repository");
  /** The copy that Compose reads by itself. */
  readonly original = join(this.folder, "original");
  /** Stands for the root of the server. */
  readonly server = join(this.folder, "server");

  /** Copies a case, and lets git track all of it. */
  constructor(name: string, cases: string) {
    this.name = name;
    for (const copy of [this.repository, this.original]) {
      cpSync(join(cases, name), copy, copies);
      if (existsSync(join(overrides, name))) cpSync(join(overrides, name), copy, copies);
    }
    const git = ["-C", this.repository];
    execFileSync("git", [...git, "init", "--quiet"]);
    execFileSync("git", [...git, "add", "--force", "."]);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The names of all cases, sorted. */
export function caseNames(cases: string): string[] {
  return readdirSync(cases, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
