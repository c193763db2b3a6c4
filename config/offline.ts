import { readStack, readStackVariables, type ReadStack, type ReadStackVariables } from "./assemble.ts";
import type { StackSource } from "./source.ts";
import { readProjectFiles, readStackFiles } from "./stack-files.ts";

interface OfflineRequest {
  /** A folder of the Pulumi project. */
  readonly folder: string;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Reads a stack from its files alone, for an offline plan. Some values may be unknown without being a problem: those
 * that are encrypted with the stack's passphrase, `${VARIABLES}` that are not set, and variables whose age key is
 * missing. Everything else is checked as in a run.
 */
export async function readOffline(request: OfflineRequest): Promise<ReadStack> {
  return await readStack(offlineSource(request, "offline plan"));
}

/** Reads the variables of a stack from its files alone, to check them. */
export async function readOfflineVariables(
  request: OfflineRequest,
  purpose: "check" | "CI check" = "check",
): Promise<ReadStackVariables> {
  return await readStackVariables(offlineSource(request, purpose));
}

function offlineSource({ folder, stack, environment }: OfflineRequest, purpose: StackSource["purpose"]): StackSource {
  const files = readProjectFiles(folder);
  const { project, root } = files;
  const { texts, secure } = readStackFiles(files, stack);
  // The key is always secret config, which is not known here.
  const key = texts["fingerprintKey"] === undefined ? ["fingerprintKey"] : [];
  return { project, stack, root, texts, environment, purpose, encrypted: [...new Set([...secure, ...key])] };
}
