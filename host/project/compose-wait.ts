import type { Container } from "../docker/container.ts";
import { hasEndedWell } from "../health/wait.ts";

/** What Compose waits for while it brings a project up, by the project's containers; for people. */
export function composeWaits(containers: readonly Container[]): string {
  const waits = containers.filter((container) => !isReady(container));
  const names = waits.map(({ service, state, health }) => `'${service}' is ${health === "" ? state : health}`);
  return names.length === 0 ? "Compose makes containers" : `Compose waits: ${names.join(", ")}`;
}

function isReady(container: Container): boolean {
  const { state, health } = container;
  return hasEndedWell(container) || (state === "running" && ["", "healthy"].includes(health));
}
