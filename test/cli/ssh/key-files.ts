import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../../../toolchain/must-run.ts";

/** A key as ssh-keygen makes it. */
export interface KeyFile {
  readonly file: string;
  readonly private: string;
  /** Type and key, without the comment. */
  readonly public: string;
}

/** Makes a key in a folder; a passphrase encrypts it. */
export async function makeKey(folder: string, name: string, passphrase = ""): Promise<KeyFile> {
  const file = join(folder, name);
  await mustRun(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", file]);
  const [type = "", key = ""] = readFileSync(`${file}.pub`, "utf8").split(" ");
  return { file, private: readFileSync(file, "utf8"), public: `${type} ${key}` };
}
