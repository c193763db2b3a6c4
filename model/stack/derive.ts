import type { Service } from "../compose/application.ts";
import type { Deployment, DeploymentHost, Migration, ServiceSettings } from "./deployment.ts";
import { migrationReferences, proxyImage, referencesOf, runningImage } from "./images.ts";
import { withDataFolders } from "./kept-data.ts";
import { proxyLabels } from "./labels/proxy-labels.ts";
import { labelledPort } from "./labels/traefik-names.ts";
import { mountNotes } from "./mount-notes.ts";
import { placesOf, type Place, type Places } from "./names.ts";
import { networksOf } from "./networks.ts";
import { portsOf, type Ports } from "./ports.ts";
import { postgresCluster } from "./postgres.ts";
import type { DataVolume, ServiceBase, PublishedPort, StackService } from "./service.ts";
import type { Parts, ProxyImage, ReleasePart, Stack, StackHost } from "./stack.ts";
import { dataMount, volumesOf } from "./volumes.ts";

/** Derives a stack from a deployment. All services are on the first host, the only one for now. */
export function stackOf(deployment: Deployment): Stack {
  const { project, directory, environment, release, hostPorts, application, migration } = deployment;
  const { registries, adopt, policy, rollout, lease, variables } = deployment;
  const bases = serviceBases(deployment);
  const volumes = volumesOf({ project, volumes: application.volumes }, bases);
  const ports = portsOf(bases, hostPorts);
  const services = bases.map((service) => stackService(service, bases, ports.published, volumes));
  const proxy = { image: proxyImage(deployment), memory: deployment.proxy.memory };
  const layout = { project, directory, services, volumes, ports, proxy, migration };
  const hosts = Object.entries(deployment.hosts).map(([name, host]) => [name, hostOf(name, host, layout)] as const);
  return {
    ...{ name: deployment.stack, environment, directory, project, release, services, proxy },
    hosts: Object.fromEntries(hosts),
    ...{ hostPorts, registries, adopt, policy, rollout, lease, variables, protected: deployment.protected },
    notes: [...application.notes, ...mountNotes(bases)],
  };
}

/** Everything of a stack that belongs to a host. */
interface Layout extends Place {
  readonly services: readonly StackService[];
  readonly volumes: readonly DataVolume[];
  readonly ports: Ports;
  readonly proxy: ProxyImage;
  readonly migration: Migration | undefined;
}

function hostOf(name: string, host: DeploymentHost, layout: Layout): StackHost {
  const { project, services, volumes, ports } = layout;
  const places = placesOf(layout);
  const parts = partsOf(places, layout);
  return {
    ...{ ...host, name, services, parts, volumes },
    projects: projectsOf(places, parts),
    networks: networksOf(project, parts.release !== undefined),
    ports: ports.published,
  };
}

function partsOf(places: Places, layout: Layout): Parts {
  const shared = servicesOfPart(layout.services, "shared");
  const released = servicesOfPart(layout.services, "release");
  return {
    shared: shared.length === 0 ? undefined : { ...places.shared, services: shared },
    release: released.length === 0 ? undefined : releasePart(released, places, layout),
  };
}

function releasePart(released: readonly StackService[], places: Places, layout: Layout): ReleasePart {
  const { services, proxy, migration } = layout;
  const { published, entryPoints } = layout.ports;
  const [migrating] = servicesOfPart(services, "migration");
  return {
    ...places.colour,
    services: released,
    proxy: {
      ...{ ...places.proxy, ...proxy, entryPoints },
      published: published.filter(({ by }) => by === "proxy"),
      services: released.map(({ name }) => name),
      labels: proxyLabels(released, { project: layout.project, entryPoints }),
    },
    migration: migration && migrating && { ...places.migration, service: migrating, deadline: migration.deadline },
  };
}

function stackService(
  service: ServiceBase,
  all: readonly ServiceBase[],
  published: readonly PublishedPort[],
  volumes: readonly DataVolume[],
): StackService {
  return {
    ...service,
    job: isJob(service, all),
    published: published.find((port) => port.service === service.name),
    volumes: volumes.filter((volume) => dataMount(service, volume) !== undefined),
  };
}

/** Tells a service that ends: the stack or the compose file says so, or another service waits for its end. */
function isJob({ name, settings, compose: { restart } }: ServiceBase, all: readonly ServiceBase[]): boolean {
  const isAwaited = all.some(({ compose }) => compose.dependsOn[name]?.condition === "service_completed_successfully");
  return settings.job ?? (isAwaited || restart === "no");
}

/** The services of one part, sorted by name. */
function servicesOfPart(services: readonly StackService[], part: StackService["part"]): StackService[] {
  return services.filter((service) => service.part === part).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The project of the shared services is the stack's also where it has none: all other names begin with it. */
function projectsOf({ shared, proxy, blue, green, migration }: Places, { release }: Parts): StackHost["projects"] {
  if (release === undefined) return { [shared.project]: "shared" };
  return {
    [shared.project]: "shared",
    [proxy.project]: "proxy",
    [blue.project]: "blue",
    [green.project]: "green",
    ...(release.migration !== undefined && { [migration.project]: "migration" }),
  };
}

/** Every deployed service in the order of the compose file, and the migration at the end. */
function serviceBases(deployment: Deployment): ServiceBase[] {
  const { application, services, release, images, variables, migration } = deployment;
  const facts = { release, images, application, variables: Object.keys(variables) };
  const deployed = Object.values(application.services).flatMap((compose): ServiceBase[] => {
    const settings = services[compose.name];
    return settings === undefined ? [] : [serviceBase(compose, settings, facts)];
  });
  return migration === undefined ? deployed : [...deployed, migrationBase(migration, facts)];
}

/** The facts of a stack from which those of its services are derived. */
interface StackFacts extends Pick<Deployment, "release" | "images" | "application"> {
  readonly variables: readonly string[];
}

function migrationBase({ service, settings }: Migration, facts: StackFacts): ServiceBase {
  return { ...serviceBase(service, settings, facts, migrationReferences(service, facts)), part: "migration" };
}

function serviceBase(
  compose: Service,
  settings: ServiceSettings,
  facts: StackFacts,
  references = referencesOf(compose, facts),
): ServiceBase {
  const mounts = compose.mounts.filter(({ target }) => !settings.drop.includes(target));
  const secrets = mounts.filter((mount) => mount.type === "secret");
  const used = compose.wholeEnvironment ? facts.variables : compose.variables;
  const port =
    settings.port ?? (compose.ports.length === 1 ? compose.ports[0]?.target : labelledPort(compose.teamLabels));
  return withDataFolders({
    name: compose.name,
    part: settings.release ? "release" : "shared",
    ...{ compose, settings, references, mounts, secrets, port },
    image: runningImage(references),
    protocol: compose.ports.find(({ target }) => target === port)?.protocol ?? "tcp",
    postgres: postgresCluster(compose, references),
    variables: [...new Set([...used, ...secrets.map(({ variable }) => variable)])].sort(),
  });
}
