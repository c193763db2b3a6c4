import { readFileSync } from "node:fs";
import { z } from "zod";

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  delete: z.boolean().optional(),
  protect: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const checkpointSchema = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(resourceSchema).nullish() }).nullish() }),
});

type StoredResource = z.infer<typeof resourceSchema>;

/** The key by which the engine marks a value as encrypted. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** A stack's state, as the file backend stores it. */
export class State {
  readonly text: string;
  readonly resources: readonly StoredResource[];

  constructor(text: string) {
    this.text = text;
    this.resources = checkpointSchema.parse(JSON.parse(text)).checkpoint.latest?.resources ?? [];
  }

  static read(file: string): State {
    return new State(readFileSync(file, "utf8"));
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  resource(name: string): StoredResource {
    const found = this.#find(name);
    if (found === undefined)
      throw new Error(`state: there is no such resource, got "${name}"; it has ${this.#names()}`);
    return found;
  }

  /** An output of a resource; for a secret one, only the fact that it is secret. */
  output(name: string, key: string): unknown {
    return this.resource(name).outputs[key];
  }

  #find(name: string): StoredResource | undefined {
    return this.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  #names(): string {
    return this.resources.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2)).join(", ");
  }
}

/** Tells if a value of the state is encrypted. */
export function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && secretMark in value && "ciphertext" in value;
}
