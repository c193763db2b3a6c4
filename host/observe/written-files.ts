import type { WrittenFile } from "../../model/facts/observation.ts";
import { Delivery } from "../delivery/delivery.ts";
import type { StackState } from "../state/stack-state.ts";

const object = "files";

/** The files that shared services mount, as they are now, for the plan of those services. */
export function writtenFiles(state: StackState): WrittenFile[] {
  const body = state.intactBody(object);
  if (body === undefined) return [];
  const delivery = new Delivery({ phase: object, directory: body.directory, folderMode: 0o755, object, state });
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
