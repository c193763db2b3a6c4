import { placeText } from "../../data-place.ts";
import type { Problem } from "../../problem.ts";
import { adopting, dataAdoptionOf, adoptsOn } from "../data-adoption.ts";
import type { HandMade } from "./hand-made.ts";
import type { Observation } from "../observation.ts";

/** A data volume or folder of the stack, with the place in its service's containers. */
interface PlacedData {
  readonly volume: string;
  readonly service: string;
  readonly folder?: string | undefined;
  readonly target?: string | undefined;
}

/**
 * Requires that the stack keeps the data of a hand-made project where it is (X1): a database that starts beside its
 * data starts empty. A value of `adopt.data` says that this is meant.
 */
export function ensureHandMadeDataIsKept(
  { project, data }: { readonly project?: string | undefined; readonly data: Readonly<Record<string, string>> },
  volumes: readonly PlacedData[],
  { handMade, volumes: facts, host }: Pick<Observation, "handMade" | "volumes" | "host">,
): Problem[] {
  const found = handMade.find((one) => one.project === project);
  if (found === undefined) return [];
  return volumes.flatMap((wanted): Problem[] => {
    const former = formerPlace(found, wanted);
    const fact = facts.find(({ volume }) => volume === wanted.volume);
    if (former === undefined || fact === undefined || fact.remembered !== null) return [];
    if (adoptsOn(host.machine, data[wanted.volume])) return [];
    const adoption = dataAdoptionOf(host.machine, fact, { remembered: null, owner: "", former: [] });
    const there = `${placeText(former)} of project '${found.project}'`;
    const what = `is in ${there}, and the stack has ${placeText(wanted.volume)}`;
    const todo = `run \`slipway adopt\`, which writes the place into the stack file, or ${adopting(fact, adoption)}`;
    return [{ path: `services.${wanted.service}.data`, what, todo }];
  });
}

/** Where a hand-made project has the data of a service, if the stack has it elsewhere. */
function formerPlace({ containers }: HandMade, { volume, service, folder, target }: PlacedData): string | undefined {
  const mounts = containers.filter((one) => one.service === service).flatMap(({ mounts: all }) => all);
  if (mounts.some(({ source }) => source === volume || source === folder)) return undefined;
  return mounts.find((mount) => mount.target === target && mount.kind !== "own volume")?.source;
}
