import { Buffer } from "node:buffer";
import { parse } from "yaml";
import { z } from "zod";
import type { Body } from "../../model/document/bodies.ts";
import { sumOf } from "../files/read.ts";
import type { StackState } from "../state/stack-state.ts";

const fileSchema = z.looseObject({
  networks: z.record(z.string(), z.looseObject({ name: z.string().optional() }).nullable()).nullish(),
});

const memorySchema = z.object({ sha256: z.string(), networks: z.array(z.string()) });

type Part = Pick<Body<"compose">, "project" | "after">;

/**
 * The networks of a document's compose file, by their names on the server. They are remembered with the sum of the
 * file, since each observation needs them, and reading YAML is its longest part.
 */
export function declaredNetworks(body: Part & Pick<Body<"compose">, "compose">, state: StackState): readonly string[] {
  const known = state.memory(memoryOf(body), memorySchema);
  return known?.sha256 === sumOf(body.compose) ? known.networks : networksIn(body.compose);
}

/** Remembers them, before a document is applied. */
export function rememberDeclared(body: Part & Pick<Body<"compose">, "compose">, state: StackState): void {
  const { compose } = body;
  state.remember(memoryOf(body), { sha256: sumOf(compose), networks: networksIn(compose) });
}

export function forgetDeclared(part: Part, state: StackState): void {
  state.forgetMemory(memoryOf(part));
}

function networksIn(compose: Uint8Array): string[] {
  const { networks } = fileSchema.parse(parse(Buffer.from(compose).toString("utf8")));
  return Object.entries(networks ?? {}).map(([key, network]) => network?.name ?? key);
}

function memoryOf({ project, after }: Part): string {
  return `networks in the file of ${project}${after === undefined ? "" : ` after the ${after}`}`;
}
