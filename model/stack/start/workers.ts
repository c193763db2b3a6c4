import type { Problem } from "../../problem.ts";
import { jobOf } from "./job.ts";
import { callablePorts } from "../port/container-ports.ts";
import type { ServiceBase } from "../service.ts";
import type { Stack } from "../stack.ts";

/**
 * Tells a release service that starts only when its release has the traffic, after that of the previous release has
 * stopped: two releases would work on one queue. By default it is a worker: it has no port, it is no job, and only
 * other workers need it.
 */
export function startsAfterSwitch(service: ServiceBase, all: readonly ServiceBase[]): boolean {
  const { part, settings } = service;
  if (part !== "release") return false;
  return settings.start === undefined ? isWorker(service, all) : settings.start === "after-switch";
}

function isWorker(service: ServiceBase, all: readonly ServiceBase[]): boolean {
  if (callablePorts(service).length > 0 || jobOf(service, all) !== undefined) return false;
  return neededBy(service, all).every((one) => startsAfterSwitch(one, all));
}

/** The services that Compose would start after this one. */
function neededBy({ name }: ServiceBase, all: readonly ServiceBase[]): ServiceBase[] {
  return all.filter((other) => other.name !== name && needs(other).includes(name));
}

function needs({ compose }: ServiceBase): string[] {
  const { dependsOn, links = {}, volumesFrom = [], networkMode } = compose;
  return [
    ...Object.keys(dependsOn),
    ...Object.values(links),
    ...volumesFrom.map(({ service }) => service),
    ...(networkMode?.kind === "service" ? [networkMode.service] : []),
  ];
}

/** The lines of the plan about services that Compose would start at once. */
export function workerNotes(services: Stack["services"]): string[] {
  const names = services.filter(({ afterSwitch, settings }) => afterSwitch && settings.start === undefined);
  return names.map(
    ({ name }) =>
      `${name}: starts after the switch, when that of the previous release has stopped, since it has no port; ` +
      `to change that, set services.${name}.start`,
  );
}

/** Requires that only release services say when they start, and that none which starts earlier needs one of them. */
export function ensureWorkersCanWait({ services }: Pick<Stack, "services">): Problem[] {
  return services.flatMap((service): Problem[] => {
    const { name, part, job, settings } = service;
    if (settings.start === undefined) return [];
    const path = `services.${name}.start`;
    const got = `got '${settings.start}'`;
    if (part !== "release") {
      return [
        { path, what: `is for services of the release, ${got}`, todo: `remove it, or set services.${name}.release` },
      ];
    }
    if (settings.start === "with-release") return [];
    if (job !== undefined) {
      return [{ path, what: `is not for jobs, which prepare their release, ${got}`, todo: "remove it" }];
    }
    const earlier = neededBy(service, services).filter((one) => {
      return one.part === "release" && !startsAfterSwitch(one, services);
    });
    return earlier.map(({ name: other }) => ({
      path,
      what: `'${other}' needs it and starts with the release, ${got}`,
      todo: `remove it, or set services.${other}.start to after-switch as well`,
    }));
  });
}
