import type { ExpectedData } from "./data-adoption.ts";
import { foldersOverlap, isFolder, placeText, wordFor } from "../data-place.ts";
import type { RememberedData, VolumeFact } from "./observation.ts";

/** A data volume, or a data folder, as far as the guard knows it. */
export interface GuardedVolume {
  /** Its name on the server; that of a folder is its path. */
  readonly volume: string;
  /** The service that owns the data. */
  readonly service: string;
  readonly data: "postgres" | "files";
  /** The major version of Postgres, if an image's tag tells it. */
  readonly major: string | undefined;
  /** It is there before the stack, which never makes it. @default false */
  readonly external?: boolean | undefined;
  /** The place outside of the engine's own folder at which the compose file has it. @default the engine's folder */
  readonly elsewhere?: string | undefined;
  /** The folder of the server that the volume is. @default the engine's folder */
  readonly folder?: string | undefined;
  /** The place of the data in the service's containers, which only a preview knows. */
  readonly target?: string | undefined;
}

/** The facts of a server on which the guard decides; an observation has them, and the guard on the server. */
export interface DataFacts {
  /** The wanted volumes, and all that held data of the stack before. */
  readonly volumes: readonly VolumeFact[];
  readonly claims: readonly { readonly stack: string; readonly volumes: readonly string[] }[];
  readonly host: { readonly machine: string };
}

/** A volume that does not hold the data that is expected of it. */
export interface DataLoss {
  readonly what: string;
  /** In short, for a report of differences. */
  readonly expected: string;
  readonly found: string;
  /** What to do before, or instead of, accepting the volume as it is, with the word that joins the two. */
  readonly first: string;
}

/** The data that is expected of a volume. */
export function expectedData(
  { volume, service }: Pick<GuardedVolume, "volume" | "service">,
  wanted: readonly string[],
  { volumes }: DataFacts,
): ExpectedData {
  const fact = volumes.find((other) => other.volume === volume);
  const remembered = fact?.remembered ?? null;
  const former = volumes.filter(
    (other) =>
      remembered === null &&
      other.volume !== volume &&
      other.remembered?.service === service &&
      !wanted.includes(other.volume) &&
      (!other.remembered.empty || other.remembered.cluster !== "" || (other.exists && !other.empty)),
  );
  return { remembered, owner: remembered === null ? (fact?.owner ?? "") : "", former };
}

/** Everything in which a volume differs from the data that is expected of it. */
export function dataLosses(
  guarded: GuardedVolume,
  fact: VolumeFact,
  { remembered, owner, former }: ExpectedData,
  { claims, host }: DataFacts,
): DataLoss[] {
  const { volume, service } = guarded;
  const deployed = claims.some(
    (claim) => claim.stack === owner && claim.volumes.some((other) => meets(guarded, other)),
  );
  const lost = remembered === null ? undefined : lostData(guarded, fact, remembered, host.machine);
  return [
    ...(owner === "" || deployed ? [] : [foreignData(volume, owner)]),
    ...former.map((other) => ({
      what: `${placeText(volume)} is not where the data of '${service}' is, which is ${placeText(other.volume)}`,
      expected: `${wordFor(other.volume)} ${other.volume}`,
      found: `${wordFor(volume)} ${volume}`,
      first: `name that ${wordFor(other.volume)} again, or`,
    })),
    ...(lost === undefined ? [] : [lost]),
  ];
}

function meets({ volume, folder = volume }: GuardedVolume, other: string): boolean {
  return other === volume || (isFolder(folder) && isFolder(other) && foldersOverlap(folder, other));
}

/** Another stack's abandoned data is not taken by accident (F83). A deployed stack is protected by its claim. */
function foreignData(volume: string, owner: string): DataLoss {
  return {
    what: `${placeText(volume)} holds the data of '${owner}', which is not deployed now`,
    expected: "data of this stack",
    found: `data of ${owner}`,
    first: isFolder(volume) ? "choose another folder, or" : "choose another project, or",
  };
}

/** The way to restore data. One that no cluster identifies must be accepted once it is another one. */
export function restoring({ volume, exists, empty }: VolumeFact, isAnother: boolean): string {
  if (isAnother && exists && !empty) return "restore what it lacks, then";
  return `restore the ${wordFor(volume)} and run again, ${isAnother ? "which asks to accept it, " : ""}or`;
}

function lostData(
  { volume, data, service }: GuardedVolume,
  fact: VolumeFact,
  remembered: RememberedData,
  machine: string,
): DataLoss | undefined {
  const loss = (what: string, [expected, found]: readonly [string, string], isAnother: boolean): DataLoss => {
    return { what: `${placeText(volume)} ${what}`, expected, found, first: restoring(fact, isAnother) };
  };
  const { cluster } = remembered;
  const byCluster = data === "postgres" && cluster !== "";
  if (remembered.machine !== machine) {
    const what = `was remembered on another machine, got '${machine}' for '${remembered.machine}'`;
    return loss(what, [`machine ${remembered.machine}`, `machine ${machine}`], true);
  }
  const held = `${data} of '${service}'`;
  if (!fact.exists) return loss("is gone, but held data", [held, "missing"], !byCluster);
  if (byCluster) {
    if (fact.cluster === cluster) return undefined;
    const [what, found] =
      fact.cluster === ""
        ? [`is empty, but held Postgres cluster ${cluster}`, "no cluster"]
        : [`holds another Postgres cluster, got ${fact.cluster} for ${cluster}`, `cluster ${fact.cluster}`];
    return loss(what, [`cluster ${cluster}`, found], false);
  }
  if (fact.folder !== remembered.folder) {
    const what = "was made again, and is not the one that held data";
    return loss(what, [`the ${wordFor(volume)} of '${service}'`, `another ${wordFor(volume)}`], true);
  }
  return fact.empty && !remembered.empty ? loss("is empty, but held data", [held, "empty"], false) : undefined;
}

/** Tells if a volume still holds what is remembered of it, wherever that is remembered. */
export function holds(
  data: GuardedVolume["data"],
  fact: VolumeFact,
  remembered: RememberedData,
  machine: string,
): boolean {
  return (
    lostData({ volume: fact.volume, service: "", data, major: undefined }, fact, remembered, machine) === undefined
  );
}
