import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { engineError, isNotFound } from "./engine-error.ts";

/** How long a removal waits for the containers that use the volume. */
interface Patience {
  readonly seconds: number;
  readonly pauseMilliseconds: number;
}

const usualPatience: Patience = { seconds: 30, pauseMilliseconds: 1000 };

/** Removes a volume; while a container uses it, tries again for half a minute. A volume that is gone is no error. */
export async function removeVolume(
  docker: Docker,
  name: string,
  signal: AbortSignal,
  { seconds, pauseMilliseconds }: Patience = usualPatience,
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
