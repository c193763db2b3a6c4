import * as pulumi from "@pulumi/pulumi";
import type { Observation } from "../model/observation.ts";
import { readPublished, type Published } from "../model/published.ts";

/** What the stack's own outputs say of its last deploy; asked only where the server did not answer, since the server knows better. */
export async function lastPublished(stack: string, observation: Observation | undefined): Promise<Published> {
  if (observation !== undefined) return readPublished(undefined);
  const own = new pulumi.StackReference(`organization/${stack}`);
  const documents: { readonly value?: unknown } = await own.getOutputDetails("documents");
  return readPublished(documents.value);
}
