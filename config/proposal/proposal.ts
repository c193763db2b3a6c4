import { isDeepStrictEqual } from "node:util";
import type { JsonMap } from "../../model/json.ts";
import type { ServerPort } from "../../model/server-port.ts";
import { portsOfSsh } from "../../model/stack/port/suggestion.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { readStack, type ReadStack } from "../assemble.ts";
import type { StackSource } from "../source.ts";
import { ownPlaceholder } from "../../secrets/source/found-variable.ts";
import { applicationKeys, environmentKeys, type ProposedKeys, type ProposedService } from "./keys.ts";
import { withLimits } from "./limits.ts";
import { proposedPorts } from "./ports.ts";
import {
  migrationsAmong,
  releasedKeys,
  releasedServices,
  sharedJobs,
  withRefused,
  type Exceptions,
} from "./released.ts";
import { merged, withVariables } from "./variables.ts";

/** A stack for which a configuration is proposed. */
interface ProposalRequest extends Pick<StackSource, "project" | "stack" | "root" | "environment"> {
  /** The compose files; without them, the one with a usual name. */
  readonly compose: readonly string[] | undefined;
  /** The keys that Pulumi.yaml sets already, as Pulumi passes them on. */
  readonly given: StackSource["texts"];
  /** Ports of the server that other stacks have. */
  readonly taken: readonly ServerPort[];
}

/** A configuration that is as complete as the files allow. */
export interface Proposal {
  readonly keys: ProposedKeys;
  /** The stack that it makes. */
  readonly stack: Stack;
  /** Ports of the server that something else has. */
  readonly taken: readonly ServerPort[];
  /** The problems that no proposal solves, and that stay whatever value the variables get. */
  readonly problems: ReadStack["problems"];
}

interface Draft {
  readonly keys: ProposedKeys;
  /** Services that a profile keeps out of the deployment. */
  readonly apart: ReadonlySet<string>;
  readonly exceptions: Exceptions;
}

/**
 * Completes a configuration until the rules of a plan ask for nothing more that the files can tell. Each round reads
 * the stack as a plan does. Undefined if the compose files cannot be read; then the problems say why.
 */
export async function proposeStack(
  request: ProposalRequest,
): Promise<Proposal | { readonly problems: ReadStack["problems"] }> {
  let draft = await emptyDraft(request);
  for (;;) {
    const read = await readStack(sourceOf(request, draft.keys, ownPlaceholder));
    const stack = read.read?.stack;
    if (stack === undefined) return { problems: read.problems };
    const taken = [...portsOfSsh(stack), ...request.taken];
    const next = completed(draft, { stack, taken }, read);
    if (isDeepStrictEqual(next, draft)) {
      return { keys: draft.keys, stack, taken, problems: await lastingProblems(request, draft.keys, read) };
    }
    draft = next;
  }
}

/** A draft that knows only which migrations are run by hand so far: naming a service deploys it. */
async function emptyDraft(request: ProposalRequest): Promise<Draft> {
  const { compose } = request;
  const none = { compose, services: {}, migrations: [], folders: [], files: {}, ports: {}, variables: [], secrets: [] };
  const exceptions = { shared: new Set<string>(), jobs: new Set<string>() };
  const deployed = await servicesOf(request, none);
  const hasRelease = releasedServices({ services: deployed }, exceptions).length > 0;
  if (!hasRelease) return { keys: none, apart: new Set(), exceptions };
  const all = await servicesOf({ ...request, given: { ...request.given, profiles: '["*"]' } }, none);
  const apart = new Set(all.map(({ name }) => name).filter((name) => !deployed.some((one) => one.name === name)));
  const released = releasedServices({ services: all }, exceptions);
  const migrations = migrationsAmong(released, { apart, ...exceptions }).filter((name) => apart.has(name));
  return { keys: { ...none, migrations }, apart, exceptions };
}

async function servicesOf(request: ProposalRequest, keys: ProposedKeys): Promise<Stack["services"]> {
  const { read } = await readStack(sourceOf(request, keys, ownPlaceholder));
  return read?.stack.services ?? [];
}

/** The name of a stack's project and folder on its server. */
export function serverName({ project, stack }: Pick<StackSource, "project" | "stack">): string {
  return `${project}-${stack}`.toLowerCase().replace(/[^a-z0-9_-]+/g, "-");
}

/** The problems that are also there with another value of the variables, which are not known. */
async function lastingProblems(request: ProposalRequest, keys: ProposedKeys, read: ReadStack) {
  const ofVariables = new Set(keys.variables.map((name) => `variables.${name}`));
  const found = read.problems.filter(({ path }) => !ofVariables.has(path));
  if (keys.variables.length === 0) return found;
  const other = await readStack(sourceOf(request, keys, "/srv/value"));
  return found.filter((problem) => other.problems.some((one) => isDeepStrictEqual(one, problem)));
}

function sourceOf(request: ProposalRequest, keys: ProposedKeys, value: string): StackSource {
  const proposed = { ...environmentKeys(keys, { name: serverName(request), value }), ...applicationKeys(keys) };
  const { given, project, stack, root, environment } = request;
  const encrypted = ["fingerprintKey", ...keys.secrets.map((name) => `secrets.${name}`)];
  const texts = { ...textsOf(proposed), ...given };
  return { project, stack, root, environment, texts, purpose: "proposal", encrypted };
}

function textsOf(keys: JsonMap): Record<string, string> {
  const texts = Object.entries(keys).map(([key, value]) => {
    return [key, typeof value === "string" ? value : JSON.stringify(value)] as const;
  });
  return Object.fromEntries(texts);
}

function dropOf(service: ProposedService | undefined): readonly string[] | undefined {
  return service === undefined || "job" in service ? undefined : service.drop;
}

/** A draft with everything that a reading of the stack asks for. */
function completed(
  { keys, apart, exceptions: before }: Draft,
  { stack, taken }: Pick<Proposal, "stack" | "taken">,
  read: ReadStack,
): Draft {
  const { wanted } = read;
  const exceptions = withRefused(before, stack);
  const released = releasedServices(stack, exceptions);
  const migrations = migrationsAmong(released, { apart, ...exceptions });
  const services = released
    .filter(({ name }) => !migrations.includes(name))
    .map((service) => {
      const drop = wanted.flatMap((one) => (one.kind === "drop" && one.service === service.name ? [one.part] : []));
      return [service.name, releasedKeys(service, merged(dropOf(keys.services[service.name]), drop))] as const;
    });
  const jobs = sharedJobs(stack).map((name) => [name, { job: true }] as const);
  const folders = merged(
    keys.folders,
    wanted.flatMap((one) => (one.kind === "folder" ? [one.folder] : [])),
  );
  return {
    ...{ apart, exceptions },
    keys: {
      ...{ compose: keys.compose, services: Object.fromEntries([...services, ...jobs]), migrations },
      folders: folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`))),
      files: withLimits(keys.files, wanted),
      ports: proposedPorts(stack.services, taken),
      ...withVariables(keys, read),
    },
  };
}
