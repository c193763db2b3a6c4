import { goBackOf, wayBack, type GoBack } from "../../facts/release/going-back.ts";
import { missingContainers, unhealthyServices, type UnhealthyService } from "../../facts/health.ts";
import type { ContainerFact, Observation } from "../../facts/observation.ts";
import type { ColourFact, Hold, ReleaseFact, RunRecord } from "../../facts/release/release.ts";
import type { StackHost } from "../../stack/stack.ts";

/** Runs that are told. */
const mostRuns = 5;

/** What runs of a stack on its server, how it is, and how to go back. It depends on observations alone. */
export interface StatusReport {
  readonly version: 1;
  /** `project/stack`. */
  readonly stack: string;
  readonly host: string;
  readonly address: string;
  /** Everything is well, and nothing is held since the last verified release. */
  readonly well: boolean;
  /** Undefined where no release serves. */
  readonly serves: ServedColour | undefined;
  /** The other colour; undefined where it is empty. */
  readonly other: (ServedColour & { readonly state: ColourFact["state"]; readonly running: boolean }) | undefined;
  /** Undefined where there is nothing to go back to. */
  readonly goBack: GoBack | undefined;
  readonly held: readonly (Hold & { readonly current: boolean })[];
  readonly services: readonly ServiceStatus[];
  readonly unhealthy: readonly UnhealthyService[];
  /** The last runs, the newest first. */
  readonly runs: readonly RunStatus[];
  /** Who changes this server now. */
  readonly leaseHolder: string | undefined;
  /** The other stacks with a claim on this server. */
  readonly beside: readonly string[];
  /** Records that cannot be read, in words for people. */
  readonly damage: readonly string[];
}

/** A release in one of the colours. */
type ServedColour = Pick<ColourFact, "colour" | "release" | "commit" | "since" | "verified">;

/** A container of the stack. */
interface ServiceStatus extends Pick<ContainerFact, "service" | "name" | "image" | "state" | "health" | "since"> {
  /** `shared`, `proxy`, `blue` or `green`. */
  readonly part: string;
  readonly exitCode: number;
  readonly restarts: number;
  /** A job that has ended well, or a command that runs by hand. */
  readonly done: boolean;
}

type RunStatus = Pick<RunRecord, "time" | "verdict" | "release" | "commit" | "holder" | "job" | "why">;

/** The status of a stack on one of its servers. */
export function statusReport(stack: string, host: StackHost, observation: Observation): StatusReport {
  const { release, claims, leaseHolder } = observation;
  const held = (release?.holds ?? []).map((hold) => ({ ...hold, current: isCurrent(hold, release) }));
  const unhealthy = [...unhealthyServices(observation), ...missingContainers(observation)];
  const other = release?.colours.find(({ state }) => state !== "live" && state !== "idle");
  return {
    ...{ version: 1, stack, host: host.name, address: host.connection.host },
    well: unhealthy.length === 0 && !held.some(({ current }) => current) && hasEngine(observation),
    serves: served(release?.colours.find(({ state }) => state === "live")),
    other: other && { ...other, running: runsIn(other.colour, host, observation) },
    goBack: release && goBackOf(stack, wayBack(release)),
    ...{ held, unhealthy, leaseHolder },
    services: servicesOf(host, observation, other?.colour),
    runs: runsOf(release?.records ?? []),
    beside: claims.map((claim) => claim.stack).filter((name) => name !== stack),
    damage: release?.damage ?? [],
  };
}

/** The engine of the server answered; otherwise nothing is known of any service. */
function hasEngine({ host }: Observation): boolean {
  return host.engine !== "";
}

/** A hold asks for attention until a later release is verified. */
function isCurrent({ since }: Hold, release: ReleaseFact | undefined): boolean {
  return release?.records.some(({ verdict, time }) => verdict === "verified" && time > since) !== true;
}

function served(colour: ColourFact | undefined): ServedColour | undefined {
  if (colour === undefined) return undefined;
  const { colour: name, release, commit, since, verified } = colour;
  return { colour: name, release, commit, since, verified };
}

function runsIn(colour: string, { projects }: StackHost, { containers }: Observation): boolean {
  return containers.some(({ project, state, done }) => projects[project] === colour && state === "running" && !done);
}

/** The containers of all parts but those of the colour that does not serve. */
function servicesOf({ projects }: StackHost, { containers }: Observation, other: string | undefined): ServiceStatus[] {
  return containers.flatMap((container) => {
    const { project, service, name, image, state, health, since, exitCode, restarts, done } = container;
    const part = projects[project];
    if (part === undefined || part === "migration" || part === other) return [];
    return [{ part, service, name, image, state, health, since, exitCode, restarts, done }];
  });
}

function runsOf(records: readonly RunRecord[]): RunStatus[] {
  const closed = records.filter(({ verdict }) => verdict !== "begun").slice(-mostRuns);
  return closed.reverse().map(({ time, verdict, release, commit, holder, job, why }) => {
    return { time, verdict, release, commit, holder, job, why };
  });
}
