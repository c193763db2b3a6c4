import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Problem } from "../../model/problem.ts";
import { shortRecipient, type AgeKeys } from "../age/key.ts";
import { creationRuleFor, readSopsConfig, sopsConfigName } from "./config.ts";
import { readSopsMetadata, type SopsMetadata } from "./metadata.ts";
import { sopsWords } from "./program.ts";
import { readSopsText } from "./text.ts";

/** An encrypted file whose recipients are checked. */
interface FileOfRecipients {
  readonly root: string;
  readonly path: string;
  readonly metadata: SopsMetadata | undefined;
}

/** The problems of recipients: one that cannot read the file and should (F105), or the key of another file. */
export function readerProblems(file: FileOfRecipients, keys: AgeKeys | undefined): Problem[] {
  const { metadata } = file;
  if (metadata === undefined) return [];
  const config = configFor(file);
  const problems = [...(config?.problems ?? [])];
  const actual = metadata.age.map(({ recipient }) => recipient);
  const lacking = (config?.recipients ?? []).filter((recipient) => !actual.includes(recipient));
  if (lacking.length > 0) {
    const what = `is not encrypted for ${lacking.map(shortRecipient).join(", ")}, whom ${config?.path ?? ""} names`;
    problems.push({ path: file.path, what, todo: `run \`${sopsWords(file.path, "updatekeys")}\`` });
  }
  const fits = keys?.recipients.some((recipient) => actual.includes(recipient)) ?? true;
  const other = fits || keys === undefined ? undefined : otherFile(file, keys);
  if (other !== undefined && keys !== undefined) {
    const todo = `set ${keys.variable} with this environment's key, in its own scope`;
    problems.push({ path: keys.variable, what: `holds the key of another file, '${other}'`, todo });
  }
  return problems;
}

/** Notes on recipients: the current ones, since when, and those that should not be among them any more (F118). */
export function readerNotes(file: FileOfRecipients): string[] {
  const { metadata, path } = file;
  if (metadata === undefined) return [];
  const actual = metadata.age.map(({ recipient }) => recipient);
  const wanted = configFor(file)?.recipients;
  const extra = wanted === undefined ? [] : actual.filter((recipient) => !wanted.includes(recipient));
  const day = metadata.lastModified.slice(0, 10);
  const notes = [`${path}: is encrypted for ${actual.map(shortRecipient).join(", ")}, last written ${day}`];
  if (extra.length === 0) return notes;
  const names = extra.map(shortRecipient).join(", ");
  const commands = ["updatekeys", "rotate -i"].map((verb) => `\`${sopsWords(path, verb)}\``).join(" and ");
  return [
    ...notes,
    `${path}: ${names} can read it, but is not in ${sopsConfigName}; ${commands} lock it out of new values`,
  ];
}

interface Wanted {
  readonly path: string;
  readonly recipients: readonly string[] | undefined;
  readonly problems: readonly Problem[];
}

/** The nearest `.sops.yaml`, from the file's folder upwards, as SOPS looks for it. */
function configFor({ root, path }: FileOfRecipients): Wanted | undefined {
  const file = join(root, path);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const config = join(folder, sopsConfigName);
    if (existsSync(config)) {
      const read = readSopsConfig(readFileSync(config, "utf8"));
      const recipients = creationRuleFor(read, relative(folder, file))?.recipients;
      return { path: sopsConfigName, recipients, problems: read.problems };
    }
    // Files above the top of the repository are not the team's.
    if (folder === dirname(folder) || existsSync(join(folder, ".git"))) return undefined;
  }
}

/** An encrypted file in the same folder that the key does open. */
function otherFile({ root, path }: FileOfRecipients, { recipients }: AgeKeys): string | undefined {
  const folder = dirname(path);
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".enc") && join(folder, name) !== path);
  return names
    .map((name) => join(folder, name))
    .find((other) => {
      const { metadata } = readSopsMetadata(readSopsText(other, readFileSync(join(root, other), "utf8")).file);
      return metadata?.age.some(({ recipient }) => recipients.includes(recipient));
    });
}
