import { chmodSync, existsSync, mkdirSync, rmdirSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { ensureDirectoryIsOurs } from "../../model/facts/directory.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";
import { Folder } from "../files/folder.ts";
import { removeMark, setMark } from "../delivery/mark.ts";
import { findGroup, findUser, modeText, nameOfUser } from "../files/owner.ts";
import { statAt } from "../files/real-path.ts";
import { directoryFact } from "../facts/directory.ts";
import type { Verb } from "./verb.ts";
import type { Work } from "../work.ts";

const memorySchema = z.array(z.string());

/** The stack's own folder on the server, with owner and mode. */
export const directory: Verb<"directory"> = {
  kind: "directory",

  differences({ path, owner, mode }) {
    const expected = `${owner} ${mode} directory`;
    const found = describe(statAt(path), owner);
    return Promise.resolve(found === expected ? [] : [{ where: path, expected, found }]);
  },

  apply({ path, owner, mode }, work) {
    const there = statAt(path);
    if (there !== undefined && !there.isDirectory()) {
      throw new Failure("directory", `'${path}' exists and is not a directory (document ${work.number}); move it away`);
    }
    requireOurs(path, work);
    makeFolders(path, work);
    try {
      using folder = Folder.open(path);
      setMark(folder);
      folder.setAccess({ mode: Number.parseInt(mode, 8), uid: findUser(owner), gid: findGroup(owner) });
    } catch (error) {
      throw failure(`cannot change '${path}'`, error, work);
    }
    return Promise.resolve({});
  },

  /** Takes away what it made, as far as that is empty. */
  remove({ path }, work) {
    removeMark(path);
    for (const made of remembered(work).toReversed()) {
      if (!existsSync(made)) continue;
      if (!removeEmpty(made)) break;
    }
    if (existsSync(path)) work.say("directory", `keeps '${path}', which is not empty or was there before`);
    return Promise.resolve();
  },
};

/** Owner, mode and kind of what is at a path, as a document writes them. */
function describe(stats: Stats | undefined, owner: string): string {
  if (stats === undefined) return "missing";
  if (stats.isSymbolicLink()) return "link";
  const name = stats.uid === findUser(owner) ? owner : nameOfUser(stats.uid);
  return `${name} ${modeText(stats)} ${stats.isDirectory() ? "directory" : "file"}`;
}

/** A folder with content of somebody else keeps its owner and its mode (SEC-B4). */
function requireOurs(path: string, { state, number }: Work): void {
  const [problem] = ensureDirectoryIsOurs({ directory: directoryFact(path, state) });
  if (problem === undefined) return;
  throw new Failure("directory", `${problem.path} ${problem.what} (document ${number}); ${problem.todo}`);
}

/** Remembers each folder before it is made, outermost first, so that a removal takes away those and no other. */
function makeFolders(path: string, work: Work): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.unshift(at);
  work.state.remember(work.object, [...new Set([...remembered(work), ...missing])]);
  try {
    for (const folder of missing) {
      mkdirSync(folder);
      chmodSync(folder, 0o755); // this process's umask would keep others out of folders above the stack's
    }
  } catch (error) {
    throw failure(`cannot make '${path}'`, error, work);
  }
}

function remembered({ state, object }: Work): readonly string[] {
  return state.memory(object, memorySchema) ?? [];
}

function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function failure(what: string, error: unknown, { number }: Work): Failure {
  const advice = "look for a full disk or a read-only file system";
  return new Failure("directory", `${what} (document ${number}): ${messageOf(error)}; ${advice}`);
}
