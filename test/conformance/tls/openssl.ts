import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Shows PEM texts to the machine's openssl and ssh-keygen, which know nothing of us. */
export class Openssl {
  readonly #folder: string;

  constructor(parent: string) {
    this.#folder = mkdtempSync(join(parent, "pem-"));
    chmodSync(this.#folder, 0o700);
  }

  /** Puts a text where a command finds it; answers its path. */
  file(name: string, text: string): string {
    const path = join(this.#folder, name);
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** What a command prints, on both streams; a failure is thrown. */
  run(...words: [string, ...string[]]): string {
    const [command, ...rest] = words;
    return execFileSync("sh", ["-c", '"$0" "$@" 2>&1', command, ...rest], { encoding: "utf8" });
  }
}
