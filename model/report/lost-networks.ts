import { colours } from "../colour.ts";
import { colourPlaceholder } from "../placeholders.ts";
import type { HostPlan } from "../plan/plan.ts";
import type { PlannedDocument } from "../plan/planned-document.ts";
import { remadeNetworks } from "../plan/remade-networks.ts";
import type { StackService } from "../stack/service.ts";

/** The networks that are made again, with the services that are cut off until they have joined them again. */
export interface LostNetworks {
  readonly names: readonly string[];
  readonly services: readonly StackService[];
}

/** The networks of a document that are made again, with those who are in them. */
export function lostNetworks({ host, observation }: HostPlan, planned: PlannedDocument): LostNetworks {
  const names = remadeNetworks(planned, observation);
  return { names, services: host.services.filter((service) => names.some((name) => isIn(service, name))) };
}

function isIn({ attachments, joins }: StackService, network: string): boolean {
  const own = attachments.flatMap(({ name }) => colours.map((colour) => name.replace(colourPlaceholder, colour)));
  return own.includes(network) || Object.hasOwn(joins, network);
}
