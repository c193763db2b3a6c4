import { setTimeout as pause } from "node:timers/promises";
import { serviceInColour, type Colour } from "../../model/colour.ts";
import { containersOfProject, replicasOf } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";
import { unhealthyInProject, type PlacedUnhealthyService } from "../project/project-health.ts";
import type { View } from "../view.ts";
import { answeringServices, once } from "../checks/answering-services.ts";
import type { CheckedService } from "../checks/checks.ts";
import { colourPlace, type ReleasePlace } from "../colours/colour.ts";
import { Colours } from "../colours/colours.ts";
import { passGate } from "../checks/gate.ts";
import { findLive } from "../colours/live.ts";
import { failureOf, type CheckFailure } from "../checks/check-failure.ts";
import { askEntryPoint, entryPointInterval, type ServedRelease } from "../checks/watch.ts";

/**
 * The services of the release that serves which are not well: by Docker, by a probe of each replica, and through each
 * published entry point of the proxy. Each has its own deadline to become well.
 */
export async function unhealthyInRelease(
  place: ReleasePlace,
  view: View,
  signal: AbortSignal,
): Promise<PlacedUnhealthyService[]> {
  const { engine } = view;
  const colours = Colours.at(place, view);
  const live = await findLive(colours, view);
  const { release, checks } = (live && colours.of(live)) ?? {};
  if (live === undefined || release === undefined || checks === undefined) {
    const why =
      live === undefined
        ? "has no colour that serves"
        : `serves in ${live}, but the document that it was made from is lost`;
    return [{ service: "release", project: place.project, why, place, container: undefined }];
  }
  return await new LiveRelease({ engine, place, release, checks }, live, { view, signal }).unhealthy();
}

/** A release that serves, with the place of its stack. */
type PlacedRelease = ServedRelease & { readonly place: ReleasePlace };

class LiveRelease {
  readonly #served: ServedRelease;
  readonly #engine: Engine;
  readonly #colour: Colour;
  readonly #view: View;
  readonly #signal: AbortSignal;
  readonly #place: ReturnType<typeof colourPlace>;
  readonly #began = performance.now();

  constructor(served: PlacedRelease, colour: Colour, { view, signal }: { view: View; signal: AbortSignal }) {
    this.#served = served;
    this.#engine = served.engine;
    this.#colour = colour;
    this.#view = view;
    this.#signal = signal;
    this.#place = colourPlace(served.place, colour);
  }

  async unhealthy(): Promise<PlacedUnhealthyService[]> {
    const byEngine = unhealthyInProject({
      view: this.#view,
      place: this.#place,
      services: this.#awaited(),
      signal: this.#signal,
    });
    // Of two reasons the first is told, and the answer of a service says more than its container's state.
    const found = (await Promise.all([this.#byProbe(), byEngine])).flat();
    const known = new Set(found.map(({ service }) => service));
    const all = [...found, ...(await this.#byProxy(known))];
    return all.filter(({ service }, at) => all.findIndex((one) => one.service === service) === at);
  }

  #awaited() {
    const services = Object.entries(this.#served.checks.services).map(
      ([name, { deadline, job }]) => [name, { name: serviceInColour(name, this.#colour), deadline, job }] as const,
    );
    return new Map(services);
  }

  /** One round for all; only if that one is not good, each gets the time of its own. */
  async #byProbe(): Promise<PlacedUnhealthyService[]> {
    const { services } = this.#served.checks;
    if (await this.#answersAtOnce()) return [];
    const unhealthy = Object.entries(services).map(async ([name, service]): Promise<PlacedUnhealthyService[]> => {
      const failure = await this.#probe(name, service);
      if (failure === undefined) return [];
      const why = failure.message.replace(`'${name}' `, "");
      return [this.#unhealthyService(name, why, failure.container)];
    });
    return (await Promise.all(unhealthy)).flat();
  }

  /** Asks each replica once, by the containers that are known already. */
  async #answersAtOnce(): Promise<boolean> {
    const containers = containersOfProject(await this.#view.containers(), this.#place.project);
    const { services } = this.#served.checks;
    const answering = await answeringServices(services, this.#colour, containers);
    return answering.length === Object.keys(services).length;
  }

  async #probe(name: string, service: CheckedService): Promise<CheckFailure | undefined> {
    const [engine, colour, signal] = [this.#engine, this.#colour, this.#signal];
    const { progress } = this.#view;
    const services = { [name]: { ...service, gate: once } };
    const { project } = this.#place;
    return await failureOf(() => passGate({ engine, project, colour, services, live: true, signal, progress }));
  }

  /** Asks for all services that the proxy publishes, but those that are known to be ill. */
  async #byProxy(known: ReadonlySet<string>): Promise<PlacedUnhealthyService[]> {
    const asked = Object.entries(this.#served.checks.entryPoints).map(
      async ([name, entry]): Promise<PlacedUnhealthyService[]> => {
        if (entry.address === undefined || known.has(entry.service)) return [];
        const until = this.#began + 1000 * (this.#served.checks.services[entry.service]?.deadline ?? 0);
        for (;;) {
          const why = await askEntryPoint(name, entry, this.#served);
          if (why === undefined) return [];
          if (performance.now() >= until) return [await this.#behindProxy(entry.service, why)];
          await pause(entryPointInterval * 1000, undefined, { signal: this.#signal });
        }
      },
    );
    return (await Promise.all(asked)).flat();
  }

  async #behindProxy(service: string, why: string): Promise<PlacedUnhealthyService> {
    const containers = await this.#engine.project(this.#place.project);
    const [container] = replicasOf(containers, serviceInColour(service, this.#colour));
    return this.#unhealthyService(service, why, container);
  }

  #unhealthyService(
    service: string,
    why: string,
    container: PlacedUnhealthyService["container"],
  ): PlacedUnhealthyService {
    return { service, project: this.#place.project, why, place: this.#place, container };
  }
}
