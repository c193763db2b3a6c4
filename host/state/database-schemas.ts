import { z } from "zod";
import type { Body } from "../../model/document/bodies.ts";
import { schemaStepSchema, type SchemaStep } from "../../model/facts/release/release.ts";
import type { StackState } from "./stack-state.ts";
import type { Work } from "../work.ts";

const memory = "schemas";

/** Steps that are remembered; older ones matter to no release that one could go back to. */
const most = 200;

/** What a release says of its schema, in a document that travels to a server. */
type SaidSchema = Pick<Body<"rollout">, "release" | "schema" | "contract">;

/** The schemas to which releases led the databases of a stack. The last one is that of now: going back changes none. */
export class DatabaseSchemas {
  readonly #state: StackState;

  constructor(state: StackState) {
    this.#state = state;
  }

  all(): readonly SchemaStep[] {
    return this.#state.memory(memory, z.array(schemaStepSchema)) ?? [];
  }

  /** The schema of now; empty where no release led to one. */
  get now(): string {
    return this.all().at(-1)?.schema ?? "";
  }

  /** Notes the schema that a release document names. One that was there before is no step: a release went back. */
  noteNamed({ release, schema, contract }: SaidSchema, { run }: Pick<Work, "run">): void {
    if (schema === undefined || this.all().some((step) => step.named && step.schema === schema)) return;
    const last = this.all().at(-1);
    const others = last?.named === false && last.run === run ? this.all().slice(0, -1) : this.all();
    this.#write([...others, { schema, named: true, contract: contract !== undefined, release, run }]);
  }

  /** Notes a migration of a release that names no schema; several migrations of one run are one step. */
  noteMigrated({ release, image }: Body<"migration">, { run }: Pick<Work, "run">): void {
    const last = this.all().at(-1);
    const isSame = last !== undefined && !last.named && last.run === run;
    const images = isSame ? new Set([...last.schema.split(" "), image]) : new Set([image]);
    const step = { schema: [...images].sort().join(" "), named: false, contract: false, release, run };
    this.#write([...(isSame ? this.all().slice(0, -1) : this.all()), step]);
  }

  #write(steps: readonly SchemaStep[]): void {
    this.#state.remember(memory, steps.slice(-most));
  }
}
