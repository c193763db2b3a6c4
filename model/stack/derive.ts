import type { Service } from "../compose/application.ts";
import type { Deployment, Migration, ServiceSettings } from "./deployment.ts";
import { migrationReferences, proxyImage, referencesOf, runningImage } from "./images.ts";
import { networksOf, placesOf, type Places } from "./names.ts";
import { portsOf } from "./ports.ts";
import { postgresCluster } from "./postgres.ts";
import type { DataVolume, OwnFacts, PublishedPort, StackService } from "./service.ts";
import type { Stack } from "./stack.ts";
import { volumeMount, volumesOf } from "./volumes.ts";

/** Derives a stack from what a deployment asks for. */
export function stackOf(deployment: Deployment): Stack {
  const { project, directory, environment, connection, release, ports: hostPorts, migration, application } = deployment;
  const { registries, adopt, policy, variables } = deployment;
  const own = ownFacts(deployment);
  const volumes = volumesOf({ project, volumes: application.volumes }, own);
  const { published, entryPoints } = portsOf(own, hostPorts);
  const services = own.map((service) => joined(service, published, volumes));
  const places = placesOf({ project, directory });
  const shared = { ...places.shared, services: named(services, "shared") };
  const released = { ...places.colour, services: named(services, "release") };
  const [last] = named(services, "migration");
  const proxy = {
    ...places.proxy,
    image: proxyImage(deployment),
    memory: deployment.proxy.memory,
    entryPoints,
    published: published.filter(({ by }) => by === "proxy"),
    services: released.services.map(({ name }) => name),
  };
  const ended = migration && last && { ...places.migration, service: last, deadline: migration.deadline };
  return {
    ...{ name: deployment.stack, environment, connection, directory, project, release, services },
    parts: { shared, release: released, proxy, migration: ended },
    projects: projectsOf(places, ended !== undefined),
    networks: networksOf(project),
    ...{ volumes, ports: published, hostPorts, registries, adopt, policy, variables },
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

function projectsOf({ shared, proxy, blue, green, migration }: Places, migrates: boolean): Stack["projects"] {
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
