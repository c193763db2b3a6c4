import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { localEvidence } from "./evidence.ts";
import type { StateFolder } from "./folder.ts";
import { notedResourceGroup, removeNote } from "./job-note.ts";
import { judgeLock, readStateLock, type Evidence, type StateLock } from "./lock.ts";

/**
 * Releases a stack's locks whose holders are provably dead and have no session open on its servers, and logs the
 * holders of the other locks, at which `pulumi` will stop. Each lock is removed by its own name: `pulumi cancel` would
 * also remove a lock that another run took just now.
 */
export async function releaseDeadLocks(call: Call, state: StateFolder): Promise<void> {
  const evidence = localEvidence(call.environment);
  for (const lockFile of lockFilesIn(state)) await releaseIfDead(lockFile, call, state, evidence);
}

/** Tells whether a run may be changing a stack's state: it is locked, and a holder is not provably dead. */
export function isStateInUse({ environment }: Call, state: StateFolder): boolean {
  const evidence = localEvidence(environment);
  return lockFilesIn(state).some(({ lock }) => !judgeLock(lock, evidence).dead);
}

/** Removes the note about a `pulumi` that has ended, unless it was killed and left the lock that the note explains. */
export function forgetJob(state: StateFolder, pid: number): void {
  const holder = { hostname: hostname(), pid };
  const left = lockFilesIn(state).some(({ lock }) => lock.pid === pid && lock.hostname === holder.hostname);
  if (!left) removeNote(state, holder);
}

interface LockFile {
  readonly path: string;
  readonly lock: StateLock;
}

function lockFilesIn(state: StateFolder): readonly LockFile[] {
  return pathsIn(state.locks).flatMap((path) => {
    const lock = readStateLock(contentOf(path));
    return lock === undefined ? [] : [{ path, lock: { ...lock, resourceGroup: notedResourceGroup(state, lock) } }];
  });
}

async function releaseIfDead(
  { path, lock }: LockFile,
  call: Call,
  state: StateFolder,
  evidence: Evidence,
): Promise<void> {
  const { dead, reason } = judgeLock(lock, evidence);
  const obstacle = dead ? await openSession(call) : reason;
  if (obstacle === undefined) {
    [path, `${path}.attrs`].forEach((name) => rmSync(name, { force: true }));
    removeNote(state, lock);
  }
  const outcome = obstacle === undefined ? `released: ${reason}` : `left alone: ${obstacle}`;
  log(`the state of ${state.stack} is locked by ${describeHolder(lock)}; ${outcome}`);
}

/** Asks the server; the modules for that are loaded when there is a lock, which is hardly ever. */
async function openSession(call: Call): Promise<string | undefined> {
  const { sessionHolder } = await import("./lease-holder.ts");
  return await sessionHolder(call);
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
