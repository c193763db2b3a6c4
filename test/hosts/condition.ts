import { setTimeout as pause } from "node:timers/promises";

/** Waits until `probe` returns a value other than undefined. After `seconds` it throws an error that names `what`. */
export async function eventually<T>(what: string, seconds: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`${what}: did not happen within ${seconds} seconds`);
    await pause(50);
  }
}
