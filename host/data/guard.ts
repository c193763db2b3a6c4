import { isDeepStrictEqual } from "node:util";
import { placeText } from "../../model/data-place.ts";
import type { RememberedData } from "../../model/facts/observation.ts";
import { ensureDataIsThere } from "../../model/facts/volumes.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";
import type { View } from "../view.ts";
import { DataMemories } from "./data-memory.ts";
import { dataNow, guardedData, volumeDocument, type GuardedData } from "./guarded-volume.ts";

/** By service: its volumes and data folders on the server, with the kind of their data. */
export type GuardedServices = Readonly<
  Record<string, { readonly volumes: Readonly<Record<string, "postgres" | "files">> }>
>;

/** A view of the server, whose lists are asked for again once something was changed. */
export type GuardWork = View & { readonly changed: () => void };

/**
 * The guard of data: before services start, their volumes and folders hold what they held; as soon as a service is
 * well, and at the end of each run, what its volumes hold is remembered (F45, SEC-B11). It never deletes, empties or
 * makes a volume.
 */
export class DataGuard {
  readonly #services: GuardedServices;
  readonly #work: GuardWork;
  readonly #memories: DataMemories;

  constructor(services: GuardedServices, work: GuardWork) {
    this.#services = services;
    this.#work = work;
    this.#memories = new DataMemories(work.places);
  }

  /** Stops before a start on the wrong data, or on none. */
  async check(): Promise<void> {
    this.#work.changed();
    for (const volume of this.#volumes()) {
      const { body, number } = volumeDocument(volume, this.#work);
      const data = await guardedData(body, this.#work);
      requireData(data, number);
      // A volume may have been filled since: from now on its emptiness is a loss.
      if (data.fact.remembered?.empty === true && !data.fact.empty) this.#remember(data);
    }
  }

  /** Remembers what is in the volumes of a service, which is well: it belongs to the service, on this machine. */
  async remember(service: string): Promise<void> {
    this.#work.changed();
    for (const { body, number } of this.#owned(service)) {
      const data = await guardedData(body, this.#work);
      // A service may empty its own volume while it starts, which is no loss.
      requireData({ ...data, facts: { ...data.facts, volumes: data.facts.volumes.map(asFull) } }, number);
      requireCluster(data);
      this.#remember(data);
    }
  }

  /**
   * Remembers what a service, which is well, wrote since its start, and returns why it could not. What was lost since
   * then stays remembered, so that the next run stops.
   */
  async rememberWritten(service: string): Promise<string[]> {
    const failures: string[] = [];
    for (const { body, number } of this.#owned(service)) {
      try {
        const data = await guardedData(body, this.#work);
        requireData(data, number);
        requireCluster(data);
        this.#remember(data);
      } catch (error) {
        failures.push(messageOf(error));
      }
    }
    return failures;
  }

  /** The documents of a service's volumes. What another service owns is remembered when that one is well. */
  #owned(service: string) {
    const all = Object.keys(this.#services[service]?.volumes ?? {});
    return all.map((volume) => volumeDocument(volume, this.#work)).filter(({ body }) => body.service === service);
  }

  #volumes(): string[] {
    return volumesOf(this.#services);
  }

  #remember(data: GuardedData): void {
    const now = dataNow(data);
    if (isDeepStrictEqual(now, data.fact.remembered)) return;
    this.#memories.write(this.#work.places.stack, data.body.volume, now, data.wanted.folder);
  }
}

/** What is remembered of each volume, for the stack's outputs: a server that was set up again knows nothing. */
export function dataAnswer(
  services: GuardedServices,
  { places }: Pick<View, "places">,
): { readonly data?: Readonly<Record<string, RememberedData>> } {
  const memories = new DataMemories(places);
  const known = volumesOf(services).flatMap((volume): [string, RememberedData][] => {
    const data = memories.of(places.stack, volume);
    return data === undefined ? [] : [[volume, data]];
  });
  return known.length === 0 ? {} : { data: Object.fromEntries(known) };
}

function volumesOf(services: GuardedServices): string[] {
  return [...new Set(Object.values(services).flatMap(({ volumes }) => Object.keys(volumes)))].sort();
}

function asFull<Fact extends { readonly empty: boolean }>(fact: Fact): Fact {
  return { ...fact, empty: false };
}

/** Requires that a volume is there and holds what it held. */
export function requireData({ wanted, fact, facts }: GuardedData, number: string): void {
  const [problem] = ensureDataIsThere(wanted, facts);
  if (problem !== undefined) throw new Failure("volume", `${problem.what} (document ${number}); ${problem.todo}`);
  if (fact.exists) return;
  const what = `${placeText(wanted.volume)} is missing (document ${number})`;
  throw new Failure("volume", `${what}; run \`pulumi up\` again, which makes it`);
}

function requireCluster({ body, fact }: GuardedData): void {
  if (body.data !== "postgres" || fact.cluster !== "") return;
  const where = `holds no Postgres cluster at '${body.cluster ?? "."}' though '${body.service}' is well`;
  throw new Failure("volume", `${placeText(body.volume)} ${where}; set PGDATA to where its data lies`);
}
