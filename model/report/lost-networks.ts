import { isDeepStrictEqual } from "node:util";
import { colours } from "../colour.ts";
import { readBody } from "../document/bodies.ts";
import type { Document } from "../document/document.ts";
import { colourPlaceholder } from "../placeholders.ts";
import type { HostPlan } from "../plan/plan.ts";
import type { PlannedDocument } from "../plan/planned-document.ts";
import type { StackService } from "../stack/service.ts";

/** The networks that are made again, with the services that are cut off until they have joined them again. */
export interface LostNetworks {
  readonly names: readonly string[];
  readonly services: readonly StackService[];
}

/** The networks of a document that are made again: those that change, and those that the server has otherwise. */
export function lostNetworks({ host }: HostPlan, { document, before, drift }: PlannedDocument): LostNetworks {
  const wanted = networksOf(document);
  const applied = before === undefined ? {} : networksOf(before);
  const changed = Object.keys(wanted).filter((name) => {
    return Object.hasOwn(applied, name) && !isDeepStrictEqual(applied[name], wanted[name]);
  });
  const drifted = drift.flatMap(({ where }) => /^network (\S+)/.exec(where)?.[1] ?? []);
  const names = [...new Set([...changed, ...drifted])].sort();
  return { names, services: host.services.filter((service) => names.some((name) => isIn(service, name))) };
}

function networksOf({ body }: Document): Readonly<Record<string, unknown>> {
  return readBody("networks", body).body?.networks ?? {};
}

function isIn({ places, joins }: StackService, network: string): boolean {
  const own = places.flatMap(({ name }) => colours.map((colour) => name.replace(colourPlaceholder, colour)));
  return own.includes(network) || Object.hasOwn(joins, network);
}
