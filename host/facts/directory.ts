import { accessSync, constants, statSync } from "node:fs";
import { z } from "zod";
import type { DirectoryFact } from "../../model/facts/observation.ts";
import { Folder, ofFileSystem } from "../files/folder.ts";
import { hasMark } from "../delivery/mark.ts";
import { nearestExisting, realPath, statAt } from "../files/real-path.ts";
import type { StackState } from "../state/stack-state.ts";

/** The facts of a stack's directory, which need not exist yet. */
export function directoryFact(path: string, state: StackState): DirectoryFact {
  const real = realPath(path);
  return { path, real, writable: isWritableFolder(nearestExisting(real)), state: stateOf(path, state) };
}

function isWritableFolder(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function stateOf(path: string, state: StackState): DirectoryFact["state"] {
  const found = statAt(path);
  if (found === undefined) return "missing";
  if (!found.isDirectory()) return "unusable";
  using folder = Folder.open(path);
  if (hasMark(folder) || isRemembered(`directory:${path}`, state)) return "ours";
  return folder.names().some((name) => name !== ofFileSystem) ? "foreign" : "empty";
}

/** A verb remembers a directory before it makes it, so one of a run that died counts as well. */
function isRemembered(object: string, state: StackState): boolean {
  return state.hasApplied(object) || state.memory(object, z.unknown()) !== undefined;
}
