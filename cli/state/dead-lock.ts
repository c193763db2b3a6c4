import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "../commands/command.ts";
import { openSession } from "./lease-holder.ts";
import { note } from "../output.ts";
import type { StateFolder } from "./folder.ts";
import { judge, readStateLock, type StateLock, type Witness } from "./lock.ts";
import { witnessHere } from "./witness.ts";

/**
 * Releases the locks of a stack whose holders are provably dead and have no session open on its server, and names the holders of the others, at which
 * `pulumi` will stop. Each lock is removed by its own name: `pulumi cancel` takes all there are, also one that somebody else took a moment ago.
 */
export async function releaseDeadLocks(call: Call, { stack, locks }: StateFolder): Promise<void> {
  const witness = witnessHere(call.environment);
  for (const locked of locksIn(locks)) await releaseIfDead(locked, call, stack, witness);
}

/** Whether somebody may be at work on a stack's state: it is locked, and its holder is not provably dead. */
export function isInUse({ environment }: Call, { locks }: StateFolder): boolean {
  const witness = witnessHere(environment);
  return locksIn(locks).some(({ lock }) => !judge(lock, witness).dead);
}

interface Locked {
  readonly file: string;
  readonly lock: StateLock;
}

function locksIn(folder: string): readonly Locked[] {
  return lockFiles(folder).flatMap((file) => {
    const lock = readStateLock(contentOf(file));
    return lock === undefined ? [] : [{ file, lock }];
  });
}

async function releaseIfDead({ file, lock }: Locked, call: Call, stack: string, witness: Witness): Promise<void> {
  const { dead, reason } = judge(lock, witness);
  const doubt = dead ? await openSession(call) : reason;
  if (doubt === undefined) [file, `${file}.attrs`].forEach((name) => rmSync(name, { force: true }));
  const outcome = doubt === undefined ? `released: ${reason}` : `left alone: ${doubt}`;
  note(`the state of ${stack} is locked by ${holder(lock)}; ${outcome}`);
}

function holder({ username, hostname, pid, since }: StateLock): string {
  return `${username}@${hostname}, process ${pid}, since ${new Date(since).toISOString()}`;
}

function lockFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Empty where the lock was released meanwhile. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
