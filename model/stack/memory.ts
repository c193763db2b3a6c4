import { bytesOf } from "../byte-size.ts";
import { replicasOf } from "../compose/replicas.ts";
import { mapOf, textOf } from "../json.ts";
import type { MemoryBudget } from "../memory-budget.ts";
import type { StackService } from "./service.ts";
import type { Parts, Stack } from "./stack.ts";

type Limited = Pick<StackService, "settings" | "compose">;

/**
 * The memory that all containers of a service may use, in bytes, by the stack's limit, or else by that of the compose
 * file; undefined if it has none, or one that only the server knows.
 */
export function memoryLimit({ settings, compose: { fields } }: Limited): number | undefined {
  const limits = mapOf(mapOf(mapOf(fields["deploy"])["resources"])["limits"]);
  const written = textOf(limits["memory"] ?? fields["mem_limit"]) ?? "";
  const limit = settings.memory ?? bytesOf(written);
  return Number.isFinite(limit) && limit > 0 ? Math.round(limit * replicasOf(fields)) : undefined;
}

function sumOf(services: readonly Limited[]): number {
  return services.reduce((sum, service) => sum + (memoryLimit(service) ?? 0), 0);
}

/**
 * The memory that a stack may use on a server at the same time, by its parts, and what is kept for the system. While a
 * release is replaced, the services of the next one run beside it, but for those that start after the switch; a
 * migration runs before that.
 */
export function memoryBudget(
  { rollout, memory }: Pick<Stack, "rollout" | "memory">,
  { before, release, after }: Parts,
): MemoryBudget {
  const released = release?.services ?? [];
  const beside = rollout.strategy === "recreate" ? [] : released.filter(({ afterSwitch }) => !afterSwitch);
  const migrations = (release?.migrations ?? []).map(({ service }) => sumOf([service]));
  const parts = {
    "shared services": sumOf([...(before?.services ?? []), ...(after?.services ?? [])]),
    proxy: release?.proxy.memory ?? 0,
    release: sumOf(released),
    "next release beside it": Math.max(0, sumOf(beside), ...migrations),
  };
  const counted = Object.fromEntries(Object.entries(parts).filter(([, bytes]) => bytes > 0));
  const all = [...(before?.services ?? []), ...released, ...(after?.services ?? [])];
  const unlimited = all.filter((service) => memoryLimit(service) === undefined).map(({ name }) => name);
  return { parts: counted, unlimited, ...memory };
}

/** The line of the plan about limits that may be more than the server has. */
export function memoryNotes({ overcommit }: Stack["memory"]): string[] {
  return overcommit === undefined ? [] : [`memory: may be more than the server has, since "${overcommit}"`];
}
