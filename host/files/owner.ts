import { readFileSync, type Stats } from "node:fs";
import type { Difference } from "../../model/facts/observation.ts";
import { Failure } from "../failure.ts";
import type { Access } from "./folder.ts";

/** Owner and mode of what only root may enter. */
export const rootOnly: Access = { mode: 0o700, uid: 0, gid: 0 };

/** The mode of a file or folder, as documents write it: `0644`. */
export function modeText({ mode }: Pick<Stats, "mode">): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** The owner and the mode that a document names. */
export interface FileForm {
  readonly owner: string;
  /** Such as 0644. */
  readonly mode: string;
}

/** What is different in owner and mode of a file or folder that is there. */
export function formDifferences(path: string, { owner, mode }: FileForm, found: Stats): Difference[] {
  const isOwned = found.uid === findUser(owner);
  return [
    ...(isOwned ? [] : [{ where: `${path} owner`, expected: owner, found: nameOfUser(found.uid) }]),
    ...(modeText(found) === mode ? [] : [{ where: `${path} mode`, expected: mode, found: modeText(found) }]),
  ];
}

/** The id of a user, by name or by number. */
export function findUser(name: string): number {
  return idIn("/etc/passwd", name, "user");
}

/** The name of a user, as people know it; the id itself where no user has it. */
export function nameOfUser(id: number): string {
  return entryWhere("/etc/passwd", ([, , other]) => other === String(id))?.[0] ?? String(id);
}

/** The id of the main group of a user; a number is its own group. */
export function findGroup(user: string): number {
  if (/^[0-9]+$/.test(user)) return Number(user);
  const line = entryOf("/etc/passwd", user);
  if (line === undefined) throw new Failure("files", `no user '${user}' is on this server; make it, or name another`);
  return Number(line[3]);
}

function idIn(file: string, name: string, what: string): number {
  if (/^[0-9]+$/.test(name)) return Number(name);
  const entry = entryOf(file, name);
  if (entry === undefined)
    throw new Failure("files", `no ${what} '${name}' is on this server; make it, or name another`);
  return Number(entry[2]);
}

function entryOf(file: string, name: string): readonly string[] | undefined {
  return entryWhere(file, ([first]) => first === name);
}

function entryWhere(file: string, is: (entry: readonly string[]) => boolean): readonly string[] | undefined {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.map((line) => line.split(":")).find(is);
}
