import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Problem } from "../../model/problem.ts";
import { shortRecipient, type AgeKeys } from "../age/key.ts";
import { creationRuleFor, readSopsConfig, sopsConfigName } from "./config.ts";
import { readSopsMetadata, type SopsMetadata } from "./metadata.ts";
import { sopsWords } from "./program.ts";
import { readSopsText } from "./text.ts";

/** An encrypted file of which it is asked who can read it. */
interface FileOfRecipients {
  readonly root: string;
  readonly path: string;
  readonly metadata: SopsMetadata | undefined;
}

/** Who should be able to read the file and cannot (F105), and whose key was given by mistake. */
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

/** Who can read the file, since when it is so, and who should not be able any more (F118). */
export function readerNotes(file: FileOfRecipients): string[] {
  const { metadata, path } = file;
  if (metadata === undefined) return [];
  const actual = metadata.age.map(({ recipient }) => recipient);
  const wanted = configFor(file)?.recipients;
  const extra = wanted === undefined ? [] : actual.filter((recipient) => !wanted.includes(recipient));
  const notes = [
    `${path}: is encrypted for ${actual.map(shortRecipient).join(", ")}, last written ${metadata.lastModified.slice(0, 10)}`,
  ];
  if (extra.length === 0) return notes;
  const names = extra.map(shortRecipient).join(", ");
  return [
    ...notes,
    `${path}: ${names} can read it, but is not in ${sopsConfigName}; \`${sopsWords(path, "updatekeys")}\` and \`${sopsWords(path, "rotate -i")}\` lock it out of new values`,
  ];
}

interface Wanted {
  readonly path: string;
  readonly recipients: readonly string[] | undefined;
  readonly problems: readonly Problem[];
}

/** What the nearest `.sops.yaml` says, from the file's folder upwards, as SOPS looks for it. */
function configFor({ root, path }: FileOfRecipients): Wanted | undefined {
  const file = join(root, path);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const config = join(folder, sopsConfigName);
    if (existsSync(config)) {
      const read = readSopsConfig(readFileSync(config, "utf8"));
      const recipients = creationRuleFor(read, relative(folder, file))?.recipients;
      return { path: sopsConfigName, recipients, problems: read.problems };
    }
    // Above the repository's top nothing is the team's.
    if (folder === dirname(folder) || existsSync(join(folder, ".git"))) return undefined;
  }
}

/** An encrypted file beside this one that the key does open. */
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
