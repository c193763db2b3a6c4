import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readContract } from "../../secrets/contract/contract.ts";
import type { EnvRequest, EnvSource } from "../../secrets/source/env-source.ts";
import { readSource } from "../../secrets/source/read.ts";
import { fixture } from "./fixture.ts";

type Changes = Partial<Omit<EnvRequest, "settings">> & { readonly settings?: Partial<EnvRequest["settings"]> };

/** A folder with the sources of an environment's variables, which is removed after the test. */
export class TrialEnvironment {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-env-"));

  write(path: string, text: string, mode = 0o644): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    return file;
  }

  /** Copies a fixture to the path of staging's encrypted file. */
  encrypted(name: string): void {
    this.write("infra/env/staging.env.enc", fixture(name));
  }

  /** Reads staging, whose contract declares the fixtures' names. */
  async read({ settings, ...changes }: Changes = {}): Promise<EnvSource> {
    const names = "POSTGRES_PASSWORD=\nSITE_NAME=\n# --- pipeline ---\nSERVER_HOST=\n# --- prefix R2_* ---\n";
    return await readSource({
      root: this.folder,
      environment: "staging",
      settings: { file: { path: "infra/env/staging.env.enc", named: false }, timeout: 20, ...settings },
      secrets: {},
      contract: readContract(".env.example", Buffer.from(names)).contract,
      process: { PATH: process.env["PATH"] },
      purpose: "run",
      ...changes,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Lists the problems of a source, one line each. */
export function faultsOf({ problems }: EnvSource): string[] {
  return problems.map(({ path, what, todo }) => `${path}: ${what}; ${todo}`);
}
