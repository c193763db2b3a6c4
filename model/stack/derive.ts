import type { Service } from "../compose/application.ts";
import type { Deployment, DeploymentHost, Migration, ServiceSettings } from "./deployment.ts";
import { migrationReferences, proxyImage, referencesOf, runningImage } from "./images.ts";
import { networksOf, placesOf, type Place, type Places } from "./names.ts";
import { portsOf, type Ports } from "./ports.ts";
import { postgresCluster } from "./postgres.ts";
import type { DataVolume, OwnFacts, PublishedPort, StackService } from "./service.ts";
import type { Parts, ProxyImage, Stack, StackHost } from "./stack.ts";
import { volumeMount, volumesOf } from "./volumes.ts";

/** Derives a stack from what a deployment asks for. All services stand on the first host, the only one for now. */
export function stackOf(deployment: Deployment): Stack {
  const { project, directory, environment, release, ports: hostPorts, application } = deployment;
  const { registries, adopt, policy, variables } = deployment;
  const own = ownFacts(deployment);
  const volumes = volumesOf({ project, volumes: application.volumes }, own);
  const ports = portsOf(own, hostPorts);
  const services = own.map((service) => joined(service, ports.published, volumes));
  const proxy = { image: proxyImage(deployment), memory: deployment.proxy.memory };
  const layout = { project, directory, services, volumes, ports, proxy, deadline: deployment.migration?.deadline ?? 0 };
  const hosts = Object.entries(deployment.hosts).map(([name, host]) => [name, hostOf(name, host, layout)] as const);
  return {
    ...{ name: deployment.stack, environment, directory, project, release, services, proxy },
    hosts: Object.fromEntries(hosts),
    ...{ hostPorts, registries, adopt, policy, variables, protected: deployment.protected },
  };
}

/** Everything of a stack that is laid out on a host. */
interface Layout extends Place {
  readonly services: readonly StackService[];
  readonly volumes: readonly DataVolume[];
  readonly ports: Ports;
  readonly proxy: ProxyImage;
  /** Of the migration, in seconds. */
  readonly deadline: number;
}

function hostOf(name: string, host: DeploymentHost, layout: Layout): StackHost {
  const { project, services, volumes, ports } = layout;
  const places = placesOf(layout);
  const parts = partsOf(places, layout);
  return {
    ...{ ...host, name, services, parts, volumes },
    projects: projectsOf(places, parts.migration !== undefined),
    networks: networksOf(project),
    ports: ports.published,
  };
}

function partsOf(places: Places, { services, ports, proxy, deadline }: Layout): Parts {
  const { published, entryPoints } = ports;
  const released = { ...places.colour, services: named(services, "release") };
  const [migration] = named(services, "migration");
  return {
    shared: { ...places.shared, services: named(services, "shared") },
    release: released,
    proxy: {
      ...{ ...places.proxy, ...proxy, entryPoints },
      published: published.filter(({ by }) => by === "proxy"),
      services: released.services.map(({ name }) => name),
    },
    migration: migration && { ...places.migration, service: migration, deadline },
  };
}

function joined(service: OwnFacts, published: readonly PublishedPort[], volumes: readonly DataVolume[]): StackService {
  return {
    ...service,
    published: published.find((port) => port.service === service.name),
    volumes: volumes.filter(({ name }) => volumeMount(service, name) !== undefined),
  };
}

function named(services: readonly StackService[], part: StackService["part"]): StackService[] {
  return services.filter((service) => service.part === part).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function projectsOf({ shared, proxy, blue, green, migration }: Places, migrates: boolean): StackHost["projects"] {
  return {
    [shared.project]: "shared",
    [proxy.project]: "proxy",
    [blue.project]: "blue",
    [green.project]: "green",
    ...(migrates && { [migration.project]: "migration" }),
  };
}

/** Every deployed service of the compose file in its order, and the migration behind them. */
function ownFacts(deployment: Deployment): OwnFacts[] {
  const { application, services, release, images, variables, migration } = deployment;
  const known = { release, images, application, variables: Object.keys(variables) };
  const deployed = Object.values(application.services).flatMap((compose): OwnFacts[] => {
    const settings = services[compose.name];
    return settings === undefined ? [] : [factsOf(compose, settings, known)];
  });
  return migration === undefined ? deployed : [...deployed, migrationFacts(migration, known)];
}

interface Known extends Pick<Deployment, "release" | "images" | "application"> {
  readonly variables: readonly string[];
}

function migrationFacts({ service, settings }: Migration, known: Known): OwnFacts {
  return { ...factsOf(service, settings, known, migrationReferences(service, known)), part: "migration" };
}

function factsOf(
  compose: Service,
  settings: ServiceSettings,
  known: Known,
  references = referencesOf(compose, known),
): OwnFacts {
  const mounts = compose.mounts.filter(({ target }) => !settings.drop.includes(target));
  const secrets = mounts.filter((mount) => mount.type === "secret");
  const used = compose.wholeEnvironment ? known.variables : compose.variables;
  const port = settings.port ?? (compose.ports.length === 1 ? compose.ports[0]?.target : undefined);
  return {
    name: compose.name,
    part: settings.release ? "release" : "shared",
    ...{ compose, settings, references, mounts, secrets, port },
    image: runningImage(references),
    protocol: compose.ports.find(({ target }) => target === port)?.protocol ?? "tcp",
    postgres: postgresCluster(compose, references),
    variables: [...new Set([...used, ...secrets.map(({ variable }) => variable)])].sort(),
  };
}
