import type { Problem } from "../../model/problem.ts";
import type { AgeKeys } from "../age/key.ts";
import { openDataKey } from "./data-key.ts";
import type { FoundVariable } from "../source/found-variable.ts";
import { decryptValue, looksEncrypted, macOf } from "./cipher.ts";
import { readSopsMetadata, type SopsMetadata } from "./metadata.ts";
import { encryptionRule, type EncryptionRule } from "./rule.ts";
import { readSopsText, unescape, type SopsText } from "./text.ts";

interface SopsContent {
  /** The variables that have a value. SOPS' hash covers neither the names of empty ones nor their absence. */
  readonly variables: readonly FoundVariable[];
  /** Variables without a value. */
  readonly empty: readonly FoundVariable[];
  /** Names of the variables that are not encrypted. */
  readonly unencrypted: readonly string[];
}

/** A file as far as slipway can read it without SOPS itself. */
export interface ReadSops {
  readonly content?: SopsContent;
  readonly metadata?: SopsMetadata;
  readonly problems: readonly Problem[];
  /** The reason why only SOPS itself can read it; then there are no problems. */
  readonly foreign?: string;
}

/** Decrypts a SOPS dotenv file and verifies that it was not edited by hand. Without keys, only the names are known. */
export async function readSops(path: string, text: string, keys: AgeKeys | undefined): Promise<ReadSops> {
  const { file, problems: form } = readSopsText(path, text);
  if (form.length > 0) return { problems: form };
  const { metadata, problems } = readSopsMetadata(file);
  if (metadata === undefined) return { problems };
  const rule = encryptionRule(metadata.rule);
  if (rule === undefined)
    return { metadata, problems, foreign: `its sops_${metadata.rule.name} uses syntax that only Go has` };
  if (metadata.age.length === 0)
    return { metadata, problems, foreign: `its key is held by ${metadata.foreign.join(", ")}` };
  if (keys === undefined) return { metadata, problems, content: namesOf(file, rule) };
  const opened = await openDataKey(path, metadata, keys);
  if ("key" in opened) return { metadata, ...decrypt(file, metadata, { key: opened.key, rule }) };
  if (!opened.wrongKey || metadata.foreign.length === 0) return { metadata, problems: [opened.problem] };
  return { metadata, problems, foreign: `its key is held by ${metadata.foreign.join(", ")} too` };
}

/** One line, with the answer whether SOPS encrypts it. */
interface RuledLine {
  readonly line: SopsText["lines"][number];
  readonly encrypted: boolean;
}

/**
 * The lines with what SOPS' rule decides for each. A rule may depend on the comments directly above a line, so the
 * order counts.
 */
function applyRule(file: SopsText, rule: EncryptionRule): RuledLine[] {
  let comments: string[] = [];
  return file.lines.map((line) => {
    if (line.name === undefined) {
      comments.push(line.text);
      return { line, encrypted: rule("", comments) };
    }
    const encrypted = rule(line.name, comments);
    comments = [];
    return { line, encrypted };
  });
}

function namesOf(file: SopsText, rule: EncryptionRule): SopsContent {
  const lines = applyRule(file, rule).filter(({ line }) => line.name !== undefined);
  const found = lines.map(({ line, encrypted }) => ({
    name: line.name ?? "",
    value: encrypted ? undefined : unescape(line.text),
    place: `${file.path}:${line.line}`,
    text: line.text,
  }));
  return contentOf(found, lines);
}

function contentOf(
  found: readonly (FoundVariable & { readonly text: string })[],
  lines: readonly RuledLine[],
): SopsContent {
  const plain = lines.filter(({ line, encrypted }) => !encrypted && line.name !== undefined && line.text !== "");
  const strip = ({ name, value, place }: FoundVariable): FoundVariable => ({ name, value, place });
  return {
    variables: found.filter(({ text }) => text !== "").map(strip),
    empty: found.filter(({ text }) => text === "").map(({ name, place }) => ({ name, value: "", place })),
    unencrypted: plain.map(({ line }) => line.name ?? ""),
  };
}

interface Opened {
  readonly key: Buffer;
  readonly rule: EncryptionRule;
}

function decrypt(
  file: SopsText,
  metadata: SopsMetadata,
  { key, rule }: Opened,
): Pick<ReadSops, "content" | "problems"> {
  const lines = applyRule(file, rule);
  const problems: Problem[] = [];
  const found = lines.flatMap(({ line, encrypted }) => {
    const place = `${file.path}:${line.line}`;
    const value = plainOf(line, encrypted, key);
    if (value !== undefined && line.name !== undefined)
      return [{ name: line.name, value, place, text: line.text, encrypted }];
    if (value === undefined) problems.push(damagedLine(place, line.name, encrypted));
    return [];
  });
  if (problems.length > 0) return { problems };
  const values = found.map(({ value, encrypted }) => ({ text: value, encrypted }));
  const mac = decryptValue(metadata.mac, key, metadata.lastModified)?.text;
  if (mac !== macOf(values, metadata.macOnlyEncrypted)) return { problems: [macProblem(file.path)] };
  return { problems, content: contentOf(found, lines) };
}

/** The plain text of a line; undefined if the line is not as SOPS wrote it. */
function plainOf({ name, text }: RuledLine["line"], encrypted: boolean, key: Buffer): string | undefined {
  // Older versions of SOPS left comments as they are.
  if (!encrypted || text === "" || (name === undefined && !looksEncrypted(text))) {
    return looksEncrypted(text) ? undefined : unescape(text);
  }
  const plain = decryptValue(text, key, name === undefined ? ":" : `${name}:`);
  return plain?.type === (name === undefined ? "comment" : "str") ? plain.text : undefined;
}

function damagedLine(path: string, name: string | undefined, encrypted: boolean): Problem {
  const fault = encrypted ? "it was changed, renamed or never encrypted" : "it is encrypted and should not be";
  const what = `${name ?? "a comment"} is not as SOPS wrote it: ${fault}`;
  return { path, what, todo: "restore the line from the repository, and edit the file with `sops` only" };
}

function macProblem(path: string): Problem {
  const what = "its hash (MAC) does not match its values: lines were added, removed or moved by hand";
  return { path, what, todo: "restore the file from the repository, and edit it with `sops` only" };
}
