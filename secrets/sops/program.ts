import { runChild } from "../../process/child.ts";
import { secretReaderEnvironment } from "../../process/environment.ts";
import type { Problem } from "../../model/problem.ts";
import { executableOnPath } from "../../process/executable.ts";
import { ageKeyVariables, type AgeKeys } from "../age/key.ts";
import { readEnvJson, type ReadEnvDocument } from "../source/env-document.ts";

/** The format of an encrypted file, as the `sops` program calls it. */
export type SopsFormat = "dotenv" | "yaml" | "json";

/** A file that only the `sops` program can read. */
export interface ForeignFile {
  /** Its name in messages. */
  readonly path: string;
  readonly file: string;
  readonly format: SopsFormat;
  /** The reason why slipway cannot read it itself. */
  readonly why: string;
}

const seconds = 60;

/** Limit of the output in bytes, more than any env file has. */
const limit = 16 * 1024 * 1024;

/** Decrypts a file with the `sops` program, which gets the age key in its own way and asks other key holders itself. */
export async function readBySopsProgram(
  { path, file, format, why }: ForeignFile,
  keys: AgeKeys | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<ReadEnvDocument> {
  const program = executableOnPath("sops", environment["PATH"]);
  if (program === undefined)
    return { variables: [], problems: [{ path, what: `needs the program sops, since ${why}`, todo: install }] };
  const words = [program, "--decrypt", "--input-type", format, "--output-type", "json", file];
  const options = { env: withKeys(environment, keys), deadline: seconds * 1000, limit, group: true };
  const end = await runChild(words, options);
  if (end.fault === "too late") return failed(path, `sops did not end within ${seconds} s`);
  if (end.code !== 0) return failed(path, `sops ended with code ${end.code}: ${firstReason(end.stderr)}`);
  return readEnvJson(path, end.stdout);
}

const install = "install sops 3.9 or newer, or encrypt the file with age keys alone in SOPS' dotenv form";

/** The environment for sops, with the age key in the one variable that it reads. */
function withKeys(environment: NodeJS.ProcessEnv, keys: AgeKeys | undefined): NodeJS.ProcessEnv {
  const others = Object.entries(secretReaderEnvironment(environment)).filter(([name]) => !isAgeVariable(name));
  const own = keys === undefined ? {} : { SOPS_AGE_KEY: keys.identities.join("\n") };
  return { ...Object.fromEntries(others), ...own };
}

function isAgeVariable(name: string): boolean {
  return ageKeyVariables.some((variable) => variable === name);
}

/** The first line of sops' output, without ciphertexts and keys, which it may repeat. */
function firstReason(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const told = lines.find((line) => line !== "" && !line.startsWith("-----")) ?? "it said nothing";
  return told
    .replaceAll(/ENC\[[^\]]*\]?/g, "ENC[…]")
    .replaceAll(/AGE-SECRET-KEY-\S*/gi, "…")
    .slice(0, 200);
}

function failed(path: string, what: string): { variables: []; problems: Problem[] } {
  return { variables: [], problems: [{ path, what, todo: "run `sops --decrypt` on it to see the whole reason" }] };
}

/**
 * The command line that opens a file with the `sops` program. It tells the format from an ending such as `.env`, and
 * needs it spelled out for any other file.
 */
export function sopsWords(path: string, verb = ""): string {
  const types = /\.(env|ya?ml|json)$/.test(path) ? "" : " --input-type dotenv";
  const output = types === "" || verb === "updatekeys" ? "" : " --output-type dotenv";
  return `sops${verb === "" ? "" : ` ${verb}`}${types}${output} ${path}`;
}
