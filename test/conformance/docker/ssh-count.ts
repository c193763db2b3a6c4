import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pulumiEnvironment } from "../../pulumi/environment.ts";

/** Counts how often a provider starts `ssh`, with a wrapper on PATH. */
export class SshCount {
  readonly #folder: string;
  readonly #file: string;

  constructor(folder: string) {
    this.#folder = join(folder, "counting");
    this.#file = join(folder, "ssh-clients");
    mkdirSync(this.#folder);
    const ssh = join(this.#folder, "ssh");
    writeFileSync(ssh, `#!/bin/sh\necho "$@" >> '${this.#file}'\nPATH=\${PATH#*:}\nexec ssh "$@"\n`);
    chmodSync(ssh, 0o755);
  }

  /** The environment with the wrapper on PATH. */
  get environment(): { PATH: string } {
    return { PATH: [this.#folder, pulumiEnvironment()["PATH"] ?? ""].join(delimiter) };
  }

  /** Returns the number of clients since the last call. */
  take(): number {
    if (!existsSync(this.#file)) return 0;
    const lines = readFileSync(this.#file, "utf8").trimEnd().split("\n");
    rmSync(this.#file);
    return lines.length;
  }
}
