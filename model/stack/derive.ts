import type { Service } from "../compose/application.ts";
import { containerName } from "../container-name.ts";
import type { Deployment, DeploymentHost, Migration, ServiceSettings } from "./deployment.ts";
import { environmentOf, type EnvFacts } from "./env/env-files.ts";
import { imageNotes, proxyImage, serviceImages, type ServiceImage } from "./images.ts";
import { jobOf, restartNotes, restartOf } from "./start/job.ts";
import { withDataFolders } from "./data/kept-data.ts";
import { proxyLabels } from "./labels/proxy-labels.ts";
import { memoryNotes } from "./memory.ts";
import { mountNotes, volumeNotes } from "./data/mount-notes.ts";
import { inColour, placesOf, type Place, type Places } from "./names.ts";
import { networkNotes } from "./network/notes.ts";
import { withMovedSubnets } from "./network/subnets.ts";
import { topologyOf, type Topology } from "./network/topology.ts";
import { inOrder, orderNotes, startedAfterRelease, startOf } from "./start/order.ts";
import { requestPort } from "./port/container-ports.ts";
import { portsOf, type Ports } from "./ports.ts";
import { postgresCluster } from "./data/postgres.ts";
import type { DataVolume, ServiceBase, StackService } from "./service.ts";
import type { Part, Parts, ProxyImage, ReleasePart, Stack, StackHost } from "./stack.ts";
import { borrowedMounts } from "./data/volumes-from.ts";
import { dataMount, volumesOf } from "./data/volumes.ts";
import { withNamedVolumes } from "./data/volume-names.ts";
import { startsAfterSwitch, workerNotes } from "./start/workers.ts";

/** Derives a stack from a deployment. All services are on the first host, the only one for now. */
export function stackOf(given: Deployment): Stack {
  const deployment = withNamedVolumes(withMovedSubnets(given));
  const { project, directory, environment, release, application, migrations } = deployment;
  const { registries, adopt, policy, rollout, memory, keep, lease, variables, networks } = deployment;
  const { range } = networks;
  const bases = serviceBases(deployment);
  const volumes = volumesOf({ project, volumes: application.volumes }, bases);
  const topology = topologyOf({ project, networks: application.networks, services: bases });
  const ports = portsOf(bases, deployment.ports, topology);
  const after = startedAfterRelease(bases);
  const services = bases.map((service) => stackService(service, bases, { project, ports, volumes, topology, after }));
  const proxy = proxyImage(deployment);
  const layout = { project, directory, range, services, volumes, ports, topology, proxy, migrations };
  const hosts = Object.entries(deployment.hosts).map(([name, host]) => [name, hostOf(name, host, layout)] as const);
  return {
    ...{ name: deployment.stack, environment, directory, project, release, services, proxy },
    locked: Object.keys(deployment.lock),
    hosts: Object.fromEntries(hosts),
    ...{ ports: deployment.ports, networks, registries, adopt, policy, rollout, memory, keep, lease, variables },
    volumes: deployment.volumes,
    protected: deployment.protected,
    notes: [
      ...application.notes,
      ...imageNotes(bases),
      ...mountNotes(bases),
      ...volumeNotes(volumes),
      ...ports.notes,
      ...networkNotes(topology.groups, services),
      ...restartNotes(services),
      ...orderNotes(services),
      ...workerNotes(services),
      ...memoryNotes(memory),
    ],
  };
}

/** Everything of a stack that belongs to a host. */
interface Layout extends Place {
  readonly services: readonly StackService[];
  readonly volumes: readonly DataVolume[];
  readonly ports: Ports;
  readonly topology: Topology;
  readonly range: string;
  readonly proxy: ProxyImage;
  readonly migrations: readonly Migration[];
}

function hostOf(name: string, host: DeploymentHost, layout: Layout): StackHost {
  const { services, volumes, ports, topology, range } = layout;
  const places = placesOf(layout);
  const parts = partsOf(places, layout);
  return {
    ...{ ...host, name, services, parts, volumes },
    projects: projectsOf(places, parts),
    networks: topology.networks,
    range,
    ports: ports.published,
  };
}

function partsOf(places: Places, layout: Layout): Parts {
  const { services } = layout;
  const shared = (starts: "before" | "after"): Part | undefined => {
    const own = startingAt(services, starts);
    return own.length === 0 ? undefined : { ...places.shared, services: own };
  };
  return { before: shared("before"), release: releasePart(places, layout), after: shared("after") };
}

function releasePart(places: Places, layout: Layout): ReleasePart | undefined {
  const { services, proxy, migrations, topology } = layout;
  if (topology.proxy === undefined) return undefined;
  const { published, entryPoints, labelNetwork: network } = layout.ports;
  const released = startingAt(services, "release");
  const migrating = inOrder(services.filter(({ part }) => part === "migration"));
  return {
    ...places.colour,
    services: released,
    proxy: {
      ...{ ...places.proxy, ...proxy, entryPoints },
      published: published.filter(({ by }) => by === "proxy"),
      networks: topology.proxy,
      labels: proxyLabels(released, { project: layout.project, entryPoints, network }),
    },
    migrations: migrating.flatMap((service) => {
      const found = migrations.find((migration) => migration.service.name === service.name);
      return found === undefined ? [] : [{ ...places.migration, service, deadline: found.deadline }];
    }),
  };
}

/** The facts of a stack from which those of a service are derived that depend on other services. */
interface DerivedFacts extends Pick<Layout, "project" | "ports" | "volumes" | "topology"> {
  /** The names of the services that start after the release. */
  readonly after: ReadonlySet<string>;
}

function stackService(
  service: ServiceBase,
  all: readonly ServiceBase[],
  { project, ports: { published }, volumes, topology, after }: DerivedFacts,
): StackService {
  const job = jobOf(service, all);
  const borrowed = borrowedMounts(service, all);
  const mounts = [...service.mounts, ...borrowed];
  return {
    ...service,
    ...{ borrowed, job, starts: startOf(service, after) },
    afterSwitch: startsAfterSwitch(service, all),
    restart: restartOf(service, job),
    container: containerName(project, service.part === "release" ? inColour(service.name) : service.name),
    published: published.filter((port) => port.service === service.name),
    volumes: volumes.filter((volume) => dataMount({ mounts }, volume) !== undefined),
    attachments: topology.attachmentsOf(service),
    joins: topology.joinsOf(service),
  };
}

/** The services that start at one time, sorted by name. */
function startingAt(services: readonly StackService[], starts: StackService["starts"]): StackService[] {
  return services.filter((service) => service.starts === starts).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The project of the shared services is the stack's also where it has none: all other names begin with it. */
function projectsOf({ shared, proxy, blue, green, migration }: Places, { release }: Parts): StackHost["projects"] {
  if (release === undefined) return { [shared.project]: "shared" };
  return {
    [shared.project]: "shared",
    [proxy.project]: "proxy",
    [blue.project]: "blue",
    [green.project]: "green",
    ...(release.migrations.length > 0 && { [migration.project]: "migration" }),
  };
}

/** Every deployed service in the order of the compose file, and the migrations at the end. */
function serviceBases(deployment: Deployment): ServiceBase[] {
  const { application, services, variables, envFiles, migrations } = deployment;
  const facts = { variables, envFiles, imageOf: serviceImages(deployment) };
  const deployed = Object.values(application.services).flatMap((compose): ServiceBase[] => {
    const settings = services[compose.name];
    return settings === undefined ? [] : [serviceBase(compose, settings, facts)];
  });
  const ofMigrations = migrations.map(({ service, settings }): ServiceBase => {
    return { ...serviceBase(service, settings, facts), part: "migration" };
  });
  return [...deployed, ...ofMigrations];
}

/** The facts of a stack from which those of its services are derived. */
type StackFacts = EnvFacts & { readonly imageOf: (service: Service) => ServiceImage };

function serviceBase(compose: Service, settings: ServiceSettings, facts: StackFacts): ServiceBase {
  const mounts = compose.mounts
    .filter(({ target }) => !settings.drop.includes(target))
    .map((mount) => (mount.type === "secret" && settings.openSecrets === true ? { ...mount, open: true } : mount));
  const secrets = mounts.filter((mount) => mount.type === "secret");
  const { envFiles, variables, defaults } = environmentOf(compose, facts);
  const port = requestPort({ compose, settings });
  const images = facts.imageOf(compose);
  return withDataFolders({
    name: compose.name,
    part: settings.release ? "release" : "shared",
    ...{ compose, settings, mounts, secrets, port, envFiles, defaults },
    ...images,
    postgres: postgresCluster(compose, images.references),
    variables: [...new Set([...variables, ...secrets.map(({ variable }) => variable)])].sort(),
  });
}
