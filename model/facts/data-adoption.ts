import { wordFor } from "../data-place.ts";
import { shortSum } from "../sum.ts";
import type { RememberedData, VolumeFact } from "./observation.ts";

/** The data that was expected where a volume holds other data, or none. */
export interface ExpectedData {
  /** What is remembered of the volume, by the server or by the stack's outputs. */
  readonly remembered: RememberedData | null;
  /** The other stack that the volume belongs to, empty if there is none. */
  readonly owner: string;
  /** The volumes that held the service's data before. */
  readonly former: readonly VolumeFact[];
}

/**
 * The value of `adopt.data` that accepts one volume, exactly as it is now on one machine, in place of the data that was
 * expected. It fits once: after it was used the server remembers it with the volume, so that every later loss, even
 * the same one again, has another value.
 */
export function dataAdoptionOf(
  machine: string,
  found: VolumeFact,
  { remembered, owner, former }: ExpectedData,
): string {
  const facts = [
    [found.volume, found.exists, found.folder, found.empty, found.cluster, owner],
    ...[remembered, ...former.map((other) => other.remembered)].map((data) =>
      data === null
        ? []
        : [data.service, data.machine, data.cluster, data.folder, data.empty, data.adopted ?? ""].map(String),
    ),
  ];
  return `${machine}:${shortSum(JSON.stringify(facts))}`;
}

/** Tells if a value of `adopt.data` is meant for a machine. */
export function adoptsOn(machine: string, adopted: string | undefined): boolean {
  return machine !== "" && adopted?.startsWith(`${machine}:`) === true;
}

/** The way to accept a volume as it is, with what that means. */
export function adopting({ volume, exists, empty }: VolumeFact, adoption: string): string {
  const word = wordFor(volume);
  const effect = exists && !empty ? `the ${word} is taken as it is now` : `the service starts with an empty ${word}`;
  return `run \`pulumi config set --path 'adopt.data["${volume}"]' ${adoption}\` and \`pulumi up\`, by which ${effect}`;
}
