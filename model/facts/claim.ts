import { readDocument } from "../document/reader.ts";
import type { MemoryBudget } from "../memory-budget.ts";
import type { Observation } from "./observation.ts";

/** Everything on a server that a stack reserves against all other stacks. */
export interface Claim {
  /** `project/stack`. */
  readonly stack: string;
  readonly directory: string;
  /** The compose project of the shared services; the names of all others begin with it. */
  readonly project: string;
  /** Parts of the stack, by compose project. */
  readonly projects: Readonly<Record<string, string>>;
  /** Services by the names of their containers. */
  readonly containers: Readonly<Record<string, string>>;
  /** Services by port of the server, as `serverPortText` writes it. */
  readonly ports: Readonly<Record<string, string>>;
  /** Services that own the data, by volume on the server. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Names in the stack, by network on the server. */
  readonly networks: Readonly<Record<string, string>>;
  /** Networks by their names in the stack, by each subnet that is named for one; others are chosen on the server. */
  readonly subnets: Readonly<Record<string, string>>;
  /** The hand-made compose project whose place the stack takes; its containers and networks make way. @default none */
  readonly adopts?: string | undefined;
  /** The memory that it may use at the same time. */
  readonly memory: MemoryBudget;
  /** The server removes something of the stack only in a session that was opened for that. */
  readonly protected: boolean;
}

/** Tells the hand-made compose project that makes way before the stack needs its names, ports and networks (X1). */
export function makesWay({ adopts }: Pick<Claim, "adopts">, project: string): boolean {
  return project !== "" && project === adopts;
}

/** Tells whether a server holds the stack as protected: its applied claim says so. */
export function isProtected({ applied }: Pick<Observation, "applied">): boolean {
  return isProtectedClaim(applied.find(({ object }) => object === "claim")?.text ?? "");
}

/** Tells whether the document of a claim protects its stack, also where its body is that of another version. */
export function isProtectedClaim(text: string): boolean {
  return readDocument(text)?.document.body["protected"] === "true";
}
