import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { engineError, isNotFound } from "./engine-error.ts";

/** The limits of waiting for the containers that use a volume. */
interface WaitLimits {
  readonly seconds: number;
  readonly pauseMilliseconds: number;
}

const defaultLimits: WaitLimits = { seconds: 30, pauseMilliseconds: 1000 };

/** Removes a volume. Retries for half a minute while a container uses it; a missing volume is no error. */
export async function removeVolume(
  docker: Docker,
  name: string,
  signal: AbortSignal,
  { seconds, pauseMilliseconds }: WaitLimits = defaultLimits,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (await isInUse(docker, name)) {
    if (signal.aborted || Date.now() > deadline) {
      const last = `(last state: 'in_use', timeout: ${seconds}s)`;
      throw new Error(`timeout while waiting for state to become 'removed' ${last}`);
    }
    await sleep(pauseMilliseconds);
  }
}

/** Tries to remove the volume; true if a container uses it. */
async function isInUse(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getVolume(name).remove({ force: true });
    return false;
  } catch (error) {
    if (isNotFound(error)) return false;
    const message = engineError(error);
    if (message.includes("volume is in use")) return true;
    throw new Error(message, { cause: error });
  }
}
