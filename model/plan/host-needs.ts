import type { HostNeeds } from "../facts/rules.ts";
import type { Stack, StackHost } from "../stack/stack.ts";
import { claimOf } from "./claim.ts";

/** Everything that a stack needs of one of its servers. */
export function hostNeeds(stack: Stack, host: StackHost): HostNeeds {
  const { path, volumes, services } = host;
  return { path, claim: claimOf(stack, host), memory: neededMemory(services), volumes, adopt: stack.adopt };
}

/** The sum of all memory limits in bytes. The migration does not count: it ends before a new colour starts. */
function neededMemory(services: StackHost["services"]): number {
  const running = services.filter(({ part }) => part !== "migration");
  return running.reduce((sum, { settings }) => sum + (settings.memory ?? 0), 0);
}
