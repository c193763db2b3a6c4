import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { StateFolder } from "./folder.ts";
import type { StateLock } from "./lock.ts";

const noteSchema = z.object({ resourceGroup: z.string(), job: z.string() });

/**
 * Notes beside a state which CI job runs the `pulumi` of this process id, before that can take a lock. Pulumi takes
 * every file in the folder of its locks for a lock, so the note has a folder of its own. A run that is no job with a
 * resource group leaves no note.
 */
export function noteJob({ notes }: Pick<StateFolder, "notes">, pid: number, environment: NodeJS.ProcessEnv): void {
  const { SLIPWAY_RESOURCE_GROUP: resourceGroup = "", CI_JOB_ID: job = "" } = environment;
  if (resourceGroup === "") return;
  mkdirSync(notes, { recursive: true });
  const file = noteFile(notes, { hostname: hostname(), pid });
  writeFileSync(file, JSON.stringify({ resourceGroup, job }), { mode: 0o600 });
}

/** The resource group of the job that took a lock; undefined if no job noted it. */
export function notedResourceGroup({ notes }: StateFolder, lock: StateLock): string | undefined {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(noteFile(notes, lock), "utf8"))).resourceGroup;
  } catch {
    return undefined;
  }
}

/** Removes the note about a process. */
export function removeNote({ notes }: StateFolder, holder: Pick<StateLock, "hostname" | "pid">): void {
  rmSync(noteFile(notes, holder), { force: true });
}

/** A lock names its host, so that name is encoded: it is a text from a file. */
function noteFile(notes: string, { hostname: host, pid }: Pick<StateLock, "hostname" | "pid">): string {
  return join(notes, `${encodeURIComponent(host)}-${pid}.json`);
}
