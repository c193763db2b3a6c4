import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyEdits } from "./edits.ts";

/** The folder with the cases; undefined if the environment names none. */
export const casesFolder: string | undefined = process.env["SLIPWAY_COMPOSE_CASES"];

/** What had to change in cases: Pulumi files with slipway's own configuration, and edits that follow its messages. */
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
  /** The lines of the compose files that had to change. */
  readonly changedLines: number = 0;

  /** Copies a case, and lets git track all of it. */
  constructor(name: string, cases: string) {
    this.name = name;
    for (const copy of [this.repository, this.original]) {
      cpSync(join(cases, name), copy, copies);
      for (const file of ["Pulumi.yaml", "Pulumi.production.yaml"]) {
        const own = join(overrides, name, file);
        if (existsSync(own)) cpSync(own, join(copy, file));
      }
      this.changedLines = applyEdits(join(overrides, name, "edits.yaml"), copy);
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
