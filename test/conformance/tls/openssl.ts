import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs the machine's openssl and ssh-keygen on PEM files, as an independent check. */
export class Openssl {
  readonly #folder: string;

  constructor(parent: string) {
    this.#folder = mkdtempSync(join(parent, "pem-"));
    chmodSync(this.#folder, 0o700);
  }

  /** Writes a file for a command and returns its path. */
  file(name: string, text: string): string {
    const path = join(this.#folder, name);
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** Runs a command and returns its output on both streams; throws if it fails. */
  run(...words: [string, ...string[]]): string {
    const [command, ...rest] = words;
    return execFileSync("sh", ["-c", '"$0" "$@" 2>&1', command, ...rest], { encoding: "utf8" });
  }
}
