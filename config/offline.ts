import {
  readStack,
  readVariables,
  type ReadStack,
  type OfflineLook,
  type ReadVariables,
  type StackSource,
} from "./assemble.ts";
import { readProjectFiles, readStackFiles } from "./stack-files.ts";

interface OfflineRequest {
  /** A folder of the Pulumi project. */
  readonly folder: string;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Reads a stack from its files alone. What is encrypted with the stack's passphrase, and `${VARIABLES}` that are not set, are unknown, and so are values of the env
 * file whose age key is not there; the answer names the unknown paths, and unknown fingerprints are the word `unknown`. Nothing else is forgiven.
 */
export async function readOffline(request: OfflineRequest): Promise<ReadStack> {
  return await readStack(offlineSource(request, { assume: true, onlyCi: false }));
}

/** Reads the variables alone, and takes none to be there that is not; `onlyCi` leaves aside every other source than the CI's variables. */
export async function readOfflineVariables(request: OfflineRequest, onlyCi = false): Promise<ReadVariables> {
  return await readVariables(offlineSource(request, { assume: false, onlyCi }));
}

function offlineSource(
  { folder, stack, environment }: OfflineRequest,
  look: Omit<OfflineLook, "unknown">,
): StackSource {
  const files = readProjectFiles(folder);
  const { texts, secure } = readStackFiles(files, stack);
  // The one key that is always encrypted; a look without it compares no values.
  const key = texts["fingerprintKey"] === undefined ? ["fingerprintKey"] : [];
  const unknown = [...new Set([...secure, ...key])];
  return { project: files.project, stack, root: files.root, texts, environment, offline: { ...look, unknown } };
}
