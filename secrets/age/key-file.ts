import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { readAgeKeys } from "./key.ts";
import { ConfigurationError } from "../../model/problem.ts";

interface AgeKeyFile {
  readonly recipient: string;
  /** Whether it was made just now. */
  readonly made: boolean;
}

/** The key of a file; makes one that only its owner can read where there is none. The key itself is never given away. */
export async function ageKeyFile(file: string, now: Date): Promise<AgeKeyFile> {
  if (existsSync(file)) {
    const { keys, problems } = await readAgeKeys({ SOPS_AGE_KEY: readFileSync(file, "utf8") });
    const [recipient] = keys?.recipients ?? [];
    if (recipient !== undefined) return { recipient, made: false };
    throw new ConfigurationError(problems.map((problem) => ({ ...problem, path: file })));
  }
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const text = `# created: ${now.toISOString()}\n# public key: ${recipient}\n${identity}\n`;
  writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  return { recipient, made: true };
}
