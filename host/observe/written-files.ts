import type { WrittenFile } from "../../model/facts/observation.ts";
import { filesDelivery } from "../delivery/deliveries.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { StackState } from "../state/stack-state.ts";

/** The files that shared services mount, as they are now, for the plan of those services. */
export function writtenFiles(state: StackState): WrittenFile[] {
  const body = state.intactBody("files");
  if (body === undefined) return [];
  const delivery = filesDelivery(body.directory, state);
  return Object.entries(delivery.written).map(([path, { number }]) => {
    return { path, sha256: sumNow(path, delivery), written: number };
  });
}

/** A file behind a link that somebody made counts as gone. */
function sumNow(path: string, delivery: Delivery): string {
  try {
    return delivery.sumOf(path) ?? "";
  } catch {
    return "";
  }
}
