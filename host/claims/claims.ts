import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ClaimFact } from "../../model/facts/observation.ts";
import { claimFile, stackOfFile } from "../../model/server-places.ts";
import { listStateFiles, readStateFile, writeStateFile } from "../files/state-file.ts";
import type { Places } from "../places.ts";

const names = z.record(z.string(), z.string());

/** Programs of other stacks read a claim, too, so a newer one may add to it, and must not change what is here. */
const claimSchema = z.object({
  directory: z.string(),
  /** The directory with its links resolved, when it was claimed. */
  real: z.string(),
  projects: names,
  ports: names,
  volumes: names,
  networks: names,
  /** By name: the services of containers. */
  containers: names,
  /** By subnet: the networks for which the stack names them, and those for which this server chose them. */
  subnets: names,
  chosen: names,
  /** In bytes: what the stack may use at the same time. */
  memory: z.number().optional(),
});

const versionSchema = z.object({ version: z.literal(1) });

/** Everything that a stack holds on a server; each name comes with what the stack uses it for. */
export type HeldClaim = Readonly<z.output<typeof claimSchema>>;

/** The claims of all stacks of a server. */
export class Claims {
  readonly #folder: string;

  constructor({ state }: Pick<Places, "state">) {
    this.#folder = join(state, "claims");
  }

  /** The claim of a stack; undefined if it has none, or none that can be read. */
  of(stack: string): HeldClaim | undefined {
    return this.#read(this.#fileOf(stack));
  }

  /** The claim of each stack. One that cannot be read may hold anything, and is told by its stack's name (F95). */
  all(): ClaimFact[] {
    return listStateFiles(this.#folder).map((name) => {
      const stack = stackOfFile(basename(name, ending));
      const held = this.#read(join(this.#folder, name));
      return held === undefined ? unreadable(stack) : factOf(stack, held);
    });
  }

  /** Nobody else on this server gets a subnet that was chosen for a stack. */
  writeChosen(stack: string, chosen: HeldClaim["chosen"]): void {
    const held = this.of(stack);
    if (held !== undefined && !isDeepStrictEqual(held.chosen, chosen)) this.write(stack, { ...held, chosen });
  }

  write(stack: string, claim: HeldClaim): void {
    writeStateFile(this.#fileOf(stack), JSON.stringify({ version: 1, ...claim }));
  }

  remove(stack: string): void {
    rmSync(this.#fileOf(stack), { force: true });
  }

  #read(path: string): HeldClaim | undefined {
    try {
      const content: unknown = JSON.parse(readStateFile(path) ?? "");
      versionSchema.parse(content);
      return claimSchema.parse(content);
    } catch {
      return undefined;
    }
  }

  #fileOf(stack: string): string {
    return join(this.#folder, basename(claimFile(stack)));
  }
}

const ending = ".json";

function factOf(stack: string, held: HeldClaim): ClaimFact {
  const { directory, real, projects, ports, volumes, networks, containers, subnets, chosen, memory } = held;
  return {
    ...{ stack, directory, real, readable: true },
    projects: Object.keys(projects),
    ports: Object.keys(ports),
    volumes: Object.keys(volumes),
    networks: Object.keys(networks),
    containers: Object.keys(containers),
    subnets: [...Object.keys(subnets), ...Object.keys(chosen)],
    ...(memory !== undefined && { memory }),
  };
}

function unreadable(stack: string): ClaimFact {
  const nothing = { projects: [], ports: [], volumes: [], networks: [], containers: [], subnets: [] };
  return { stack, directory: "", real: "", ...nothing, readable: false };
}
