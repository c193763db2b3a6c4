import { Buffer } from "node:buffer";
import { z } from "zod";
import { isEnvFile } from "../../model/env-folder.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { sumOf } from "./read.ts";
import { Tree } from "./tree.ts";

/**
 * The variables of an env file, by the sum of their lines: so a variable that somebody changed by hand can be named
 * without its value. Only root reads where these sums are kept, since a sum could be tried against a list of passwords.
 */
type EnvSums = Readonly<Record<string, string>>;

/** The sums of several env files, by path. */
type EnvFileSums = Readonly<Record<string, EnvSums>>;

/** The form in which sums are remembered. */
export const envFileSumsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** The sums of the env files among files that are delivered. */
export function envFileSums(files: ReadonlyMap<string, { readonly content: Uint8Array }>): EnvFileSums {
  const env = [...files].filter(([path]) => isEnvFile(path));
  return Object.fromEntries(env.map(([path, { content }]) => [path, envSums(content)]));
}

function envSums(content: Uint8Array): EnvSums {
  const lines = Buffer.from(content)
    .toString("utf8")
    .split("\n")
    .filter((line) => /^[A-Za-z_][A-Za-z0-9_.-]*=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), sumOf(Buffer.from(line))]));
}

/** The variables that are not as they were delivered; the file itself where something else in it was changed. */
function envDifferences(where: string, delivered: EnvSums, found: EnvSums): Difference[] {
  const expected = "as it was delivered";
  const changed = Object.keys(found).flatMap((name) => {
    const before = delivered[name];
    if (before === found[name]) return [];
    const how = before === undefined ? "added by hand" : "changed by hand";
    return [{ where: `${where} ${name}`, expected, found: how }];
  });
  const missing = Object.keys(delivered)
    .filter((name) => !(name in found))
    .map((name) => ({ where: `${where} ${name}`, expected, found: "missing" }));
  const all = [...changed, ...missing];
  return all.length > 0 ? all : [{ where, expected, found: "changed by hand" }];
}

/** What is different in an env file below a folder, whose bytes are not those that were delivered. */
export function envFileDifferences(directory: string, path: string, delivered: EnvSums = {}): Difference[] {
  const found = new Tree(directory).at(path, (parent, name) => parent.read(name));
  return envDifferences(path, delivered, envSums(found ?? Buffer.alloc(0)));
}
