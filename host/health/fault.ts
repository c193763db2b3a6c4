import type { Container } from "../docker/container.ts";

type Run = Pick<Container, "state" | "exitCode" | "restarts">;

/** How a container failed: it stopped, or it restarted since it had so many restarts; undefined if it did neither. */
export function faultOf({ state, exitCode, restarts }: Run, before: number): string | undefined {
  if (state !== "running" && state !== "created") return `is ${state} with exit code ${exitCode}`;
  // It runs again, so the engine no longer tells how it ended.
  return restarts === before ? undefined : "restarts";
}
