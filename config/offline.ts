import { isMap, parseJson } from "../model/json.ts";
import { readStack, readStackVariables, type ReadStack, type ReadStackVariables } from "./assemble.ts";
import { readImages, type ReadImages } from "./images/read.ts";
import type { StackSource } from "./source.ts";
import { readProjectFiles, readStackFiles } from "./stack-files.ts";

interface OfflineRequest {
  /** A folder of the Pulumi project. */
  readonly folder: string;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The user as whom servers are asked. Variables in the name of the configured one need not be set then. */
  readonly user?: string | undefined;
}

/**
 * Reads a stack from its files alone, for an offline plan. Some values may be unknown without being a problem: those
 * that are encrypted with the stack's passphrase, `${VARIABLES}` that are not set, and variables whose age key is
 * missing. Everything else is checked as in a run.
 */
export async function readOffline(request: OfflineRequest): Promise<ReadStack> {
  return await readStack(offlineSource(request, "offline plan"));
}

/** Reads a stack from its files alone, as one whose secrets are to be in its secret config. */
export async function readUnfinished(request: OfflineRequest): Promise<ReadStack> {
  return await readStack(offlineSource(request, "proposal"));
}

/** Reads the images of a stack from its files alone, whatever else is missing. */
export async function readOfflineImages(request: OfflineRequest): Promise<ReadImages> {
  return await readImages(offlineSource(request, "offline plan"));
}

/** Reads the variables of a stack from its files alone, to check them. */
export async function readOfflineVariables(
  request: OfflineRequest,
  purpose: "check" | "CI check" = "check",
): Promise<ReadStackVariables> {
  return await readStackVariables(offlineSource(request, purpose));
}

function offlineSource(
  { folder, stack, environment, user }: OfflineRequest,
  purpose: StackSource["purpose"],
): StackSource {
  const files = readProjectFiles(folder);
  const { project, root } = files;
  const { texts: written, secure } = readStackFiles(files, stack);
  const texts = user === undefined ? written : withUser(written, user);
  // The key is always secret config, which is not known here.
  const key = texts["fingerprintKey"] === undefined ? ["fingerprintKey"] : [];
  return { project, stack, root, texts, environment, purpose, encrypted: [...new Set([...secure, ...key])] };
}

/** Replaces the users of servers where variables name them. */
function withUser(texts: StackSource["texts"], user: string): StackSource["texts"] {
  const replaced = (host: unknown): unknown =>
    isMap(host) && String(host["user"]).includes("${") ? { ...host, user } : host;
  const hosts = parseJson(texts["hosts"] ?? "");
  const named = Object.entries(isMap(hosts) ? hosts : {}).map(([name, host]) => [name, replaced(host)]);
  return {
    ...texts,
    ...(texts["host"] !== undefined && { host: JSON.stringify(replaced(parseJson(texts["host"]))) }),
    ...(isMap(hosts) && { hosts: JSON.stringify(Object.fromEntries(named)) }),
  };
}
