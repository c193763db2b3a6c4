import { setTimeout as pause } from "node:timers/promises";
import { ToolProblem } from "../../toolchain/problem.ts";

/** Waits until `holds` gives something else than undefined; after `seconds` it is an error that names what was awaited. */
export async function eventually<T>(what: string, seconds: number, holds: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await holds();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new ToolProblem(`${what}: did not happen within ${seconds} seconds`);
    await pause(50);
  }
}
