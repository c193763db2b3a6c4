import { z } from "zod";
import { containerDescription, networkDescription } from "../docker/descriptions.ts";
import type { Container } from "../docker/container.ts";
import type { StackState } from "./stack-state.ts";

const keptSchema = z.object({
  service: z.string(),
  /** It ran when the stack took its place. */
  ran: z.boolean(),
  /** It also was well then, so going back waits until it is so again. */
  well: z.boolean(),
  /** Compose makes it again for the stack, so its description is all that stays of it. */
  replaced: z.boolean(),
  /** The services that it needs. */
  needs: z.array(z.string()),
  description: containerDescription,
  /** The id of the container that going back has created in its place. */
  again: z.string().optional(),
  /** The ids of those that were in its place before somebody recreated it. */
  former: z.array(z.string()).optional(),
});

const memorySchema = z.object({
  project: z.string(),
  /** Its containers are given up. */
  done: z.boolean(),
  containers: z.array(keptSchema),
  networks: z.array(networkDescription),
});

/** A container of the hand-made project. Its description may hold secrets; only root reads where it is kept. */
export type KeptContainer = z.output<typeof keptSchema>;

/** What a server remembers of a project that a stack has taken over. */
export type Adoption = z.output<typeof memorySchema>;

/** The id of a kept container, or of the one that was created in its place. */
export function keptId({ again, description }: Pick<KeptContainer, "again" | "description">): string {
  return again ?? description.Id;
}

const name = "adoption";

/** What a server remembers of the hand-made project whose place a stack has taken; undefined if there is none. */
export function adoptionOf(state: StackState): Adoption | undefined {
  return state.memory(name, memorySchema);
}

/** Remembers it in place of what was remembered before. */
export function rememberAdoption(state: StackState, adoption: Adoption): void {
  state.remember(name, adoption);
}

/** Forgets it: nothing is left to go back to. */
export function forgetAdoption(state: StackState): void {
  state.forgetMemory(name);
}

/** Those of a server's containers that are kept to go back. */
export function keptContainers(containers: readonly Container[], state: StackState): Container[] {
  const kept = adoptionOf(state)?.containers.filter(({ replaced }) => !replaced) ?? [];
  const ids = new Set(kept.map(keptId));
  return containers.filter(({ id }) => ids.has(id));
}

/** The containers without those that are kept to go back: they are not the stack's, whatever project they name. */
export function withoutKept(containers: readonly Container[], state: StackState): readonly Container[] {
  const kept = new Set(keptContainers(containers, state));
  return containers.filter((container) => !kept.has(container));
}
