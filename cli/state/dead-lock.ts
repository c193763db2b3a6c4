import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { localEvidence } from "./evidence.ts";
import type { StateFolder } from "./folder.ts";
import { sessionHolder } from "./lease-holder.ts";
import { judgeLock, readStateLock, type Evidence, type StateLock } from "./lock.ts";

/**
 * Releases a stack's locks whose holders are provably dead and have no session open on its servers, and logs the
 * holders of the other locks, at which `pulumi` will stop. Each lock is removed by its own name: `pulumi cancel` would
 * also remove a lock that another run took just now.
 */
export async function releaseDeadLocks(call: Call, { stack, locks }: StateFolder): Promise<void> {
  const evidence = localEvidence(call.environment);
  for (const lockFile of lockFilesIn(locks)) await releaseIfDead(lockFile, call, stack, evidence);
}

/** Tells whether a run may be changing a stack's state: it is locked, and a holder is not provably dead. */
export function isStateInUse({ environment }: Call, { locks }: StateFolder): boolean {
  const evidence = localEvidence(environment);
  return lockFilesIn(locks).some(({ lock }) => !judgeLock(lock, evidence).dead);
}

interface LockFile {
  readonly path: string;
  readonly lock: StateLock;
}

function lockFilesIn(folder: string): readonly LockFile[] {
  return pathsIn(folder).flatMap((path) => {
    const lock = readStateLock(contentOf(path));
    return lock === undefined ? [] : [{ path, lock }];
  });
}

async function releaseIfDead({ path, lock }: LockFile, call: Call, stack: string, evidence: Evidence): Promise<void> {
  const { dead, reason } = judgeLock(lock, evidence);
  const obstacle = dead ? await sessionHolder(call) : reason;
  if (obstacle === undefined) [path, `${path}.attrs`].forEach((name) => rmSync(name, { force: true }));
  const outcome = obstacle === undefined ? `released: ${reason}` : `left alone: ${obstacle}`;
  log(`the state of ${stack} is locked by ${describeHolder(lock)}; ${outcome}`);
}

function describeHolder({ username, hostname, pid, since }: StateLock): string {
  return `${username}@${hostname}, process ${pid}, since ${new Date(since).toISOString()}`;
}

function pathsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The text of a lock's file; empty if the lock was released just now. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
