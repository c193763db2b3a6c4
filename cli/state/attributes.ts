import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../../model/json.ts";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { isStateInUse } from "./dead-lock.ts";
import { stateFolder, type StatePlace } from "./folder.ts";

/** The end of the name of the file in which Pulumi keeps the type and the sum of a state file. */
const ending = ".json.attrs";

/**
 * Removes attributes that a killed Pulumi left cut. It writes them in place, just before it replaces the state, and
 * then reads no state that has such ones, not even for its name; without any it reads the state as it is (F87).
 */
export function removeCutAttributes(call: Call, place: StatePlace): void {
  for (const stack of stacksWithCutAttributes(place)) {
    if (isStateInUse(call, stateFolder(place, stack))) continue; // its run may be writing them now
    rmSync(join(place.stacks, `${stack}${ending}`), { force: true });
    log(`removed the attributes of ${stack}'s state, which a killed run left cut; Pulumi reads the state without them`);
  }
}

function stacksWithCutAttributes({ stacks }: StatePlace): string[] {
  if (!existsSync(stacks)) return [];
  const names = readdirSync(stacks).filter((name) => name.endsWith(ending) && isCut(join(stacks, name)));
  return names.map((name) => name.slice(0, -ending.length));
}

function isCut(file: string): boolean {
  try {
    return parseJson(readFileSync(file, "utf8")) === undefined;
  } catch {
    return false; // it has gone, or only Pulumi may read it
  }
}
