import type { Service } from "../../../../model/compose/application.ts";
import { portRangeText } from "../../../../model/port-range.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { serverPortText } from "../../../../model/server-port.ts";
import type { Deployment, PortSettings } from "../../../../model/stack/deployment.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import type { EntryPoint } from "../../../../model/stack/port/entry-points.ts";
import { ensurePortsArePublished } from "../../../../model/stack/ports.ts";
import type { PublishedPort } from "../../../../model/stack/service.ts";
import { deployment, service } from "../aaperture.ts";
import { hostOf } from "../main-host.ts";

/** The ports of a stack, and the entry points of its proxy. */
interface Published {
  readonly published: readonly PublishedPort[];
  readonly entryPoints: readonly EntryPoint[];
}

/** The ports of a deployment's stack. */
export function portsOf(asked: Deployment): Published {
  const { ports, parts } = hostOf(asked);
  return { published: ports, entryPoints: parts.release?.proxy.entryPoints ?? [] };
}

/** Each published port in one line: the place, the service, who publishes it, and the ports in that container. */
export function lines(asked: Deployment): string[] {
  return portsOf(asked).published.map((port) =>
    [serverPortText(port), port.service, port.by, portRangeText(port.target)].join(" "),
  );
}

/** Each entry point in one line. */
export function entries(asked: Deployment): string[] {
  return portsOf(asked).entryPoints.map(({ name, port, speaks, backend }) =>
    [name, port, speaks, ...(backend === undefined ? [] : [`${backend.service}:${backend.port}`])].join(" "),
  );
}

/** A shared service `dns` with these ports. */
export function of(
  ports: Service["ports"],
  settings: PortSettings | undefined,
  also: Partial<Service> = {},
): Deployment {
  return deployment(
    [service("dns", { ports, ...also })],
    {},
    { ports: settings === undefined ? {} : { dns: settings } },
  );
}

/** A release service `api` with these ports. */
export function released(ports: Service["ports"], settings: PortSettings, port?: number): Deployment {
  return deployment([service("api", { ports })], { api: { release: true, port } }, { ports: { api: settings } });
}

/** The problems of the ports of a deployment. */
export const problemsOf = (asked: Deployment): string[] => ensurePortsArePublished(stackOf(asked)).map(describeProblem);
/** The notes of a deployment's plan, without those on restart policies. */
export const notesOf = (asked: Deployment): readonly string[] =>
  stackOf(asked).notes.filter((note) => !note.includes("restart is"));
