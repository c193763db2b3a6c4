import { listOf, textOf } from "../../model/json.ts";
import { callablePorts, requestPort } from "../../model/stack/port/container-ports.ts";
import { proxyProblems } from "../../model/stack/port/entry-points.ts";
import { ensureMigrationKeepsNoVolume } from "../../model/stack/migration.ts";
import { ensureColoursShareNoAddress, ensureNetworkModesAreShared } from "../../model/stack/network/rules.ts";
import { ensureNoDatabaseIsReleased } from "../../model/stack/data/released-stores.ts";
import type { StackService } from "../../model/stack/service.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { healthRequestOf } from "./health.ts";
import type { ProposedService } from "./keys.ts";

/** Services that stay out of the release, or out of its migrations, because a rule refuses them there. */
export interface Exceptions {
  readonly shared: ReadonlySet<string>;
  readonly jobs: ReadonlySet<string>;
}

/** The services whose image comes with a release, but for those that a rule keeps out of it. */
export function releasedServices(
  { services }: Pick<Stack, "services">,
  { shared }: Pick<Exceptions, "shared">,
): StackService[] {
  return services.filter(({ name, imageFrom }) => imageFrom === "release" && !shared.has(name));
}

const migrates = /migrat|alembic|flyway|liquibase|db:prepare/i;

/**
 * The services of the release that prepare a database, by their names and commands: others wait for their end, they
 * start again only if they fail, or they are `apart`, with a profile, to be run by hand.
 */
export function migrationsAmong(
  released: readonly StackService[],
  { apart, jobs }: { readonly apart: ReadonlySet<string> } & Pick<Exceptions, "jobs">,
): string[] {
  const ends = (service: StackService): boolean =>
    service.job === "ends" || apart.has(service.name) || endsByItsWords(service);
  const serving = released.filter((service) => !ends(service)).map(({ name }) => name);
  return released
    .filter((service) => ends(service) && service.compose.ports.length === 0 && !jobs.has(service.name))
    .filter(({ compose }) => !Object.keys(compose.dependsOn).some((needed) => serving.includes(needed)))
    .filter((service) => migrates.test(wordsOf(service)))
    .map(({ name }) => name);
}

/** The shared services that end, though nobody waits for it: only their words and their restart policy tell. */
export function sharedJobs({ services }: Pick<Stack, "services">): string[] {
  return services
    .filter((service) => service.part === "shared" && (service.settings.job === true || endsByItsWords(service)))
    .map(({ name }) => name);
}

function endsByItsWords(service: StackService): boolean {
  const { job, restart, compose } = service;
  const mayEnd = job === undefined && restart.startsWith("on-failure") && compose.ports.length === 0;
  return mayEnd && migrates.test(wordsOf(service));
}

function wordsOf({ name, compose: { fields } }: StackService): string {
  const words = [...listOf(fields["entrypoint"]), ...listOf(fields["command"])].map((word) => textOf(word) ?? "");
  return [name, ...words].join(" ");
}

/** The keys of a released service: its port and the request that tells its health, where the health check says so. */
export function releasedKeys(service: StackService, drop: readonly string[]): ProposedService {
  const dropped = drop.length === 0 ? {} : { drop };
  const request = service.job === undefined ? healthRequestOf(service.compose) : undefined;
  const ports = callablePorts(service);
  if (request === undefined || (ports.length > 0 && !ports.includes(request.port)))
    return { release: true, ...dropped };
  const { port, path } = request;
  const { compose } = service;
  const own = requestPort({ compose, settings: { port: undefined } });
  if (own !== undefined && own !== port) return { release: true, ...dropped };
  return { release: true, ...(own === undefined && { port }), health: path, ...dropped };
}

/** The exceptions after those services that rules refuse in their part of this stack. */
export function withRefused({ shared, jobs }: Exceptions, stack: Stack): Exceptions {
  const ofModes = ensureNetworkModesAreShared(stack).map(({ path }) => path);
  const refused = stack.services
    .filter(({ part }) => part === "release")
    .filter((service) => {
      const services = [service];
      return (
        ofModes.includes(`compose.services.${service.name}.network_mode`) ||
        ensureNoDatabaseIsReleased({ services }).length > 0 ||
        ensureColoursShareNoAddress({ services }).length > 0 ||
        proxyProblems(service, stack.ports[service.name]).length > 0
      );
    });
  const ofVolumes = ensureMigrationKeepsNoVolume(stack).map(({ path }) => path);
  const migrations = stack.services.filter(({ part, name }) => {
    return part === "migration" && ofVolumes.includes(`compose.services.${name}.volumes`);
  });
  return {
    shared: new Set([...shared, ...refused.map(({ name }) => name)]),
    jobs: new Set([...jobs, ...migrations.map(({ name }) => name)]),
  };
}
