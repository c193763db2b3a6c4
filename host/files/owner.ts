import { readFileSync } from "node:fs";
import { Failure } from "../failure.ts";

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
