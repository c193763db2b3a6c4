import { proxyName } from "../proxy.ts";
import type { DocumentValue } from "../document/document.ts";
import { readDocument } from "../document/reader.ts";
import { readLastOutputs } from "../facts/last-outputs.ts";
import type { Observation } from "../facts/observation.ts";
import { isMap } from "../json.ts";
import type { Deployment } from "../stack/deployment.ts";
import { plainSums } from "./plain-sum.ts";
import type { HostFacts } from "../plan/host-facts.ts";
import { lastRelease } from "../plan/last-release.ts";
import { planDeployment } from "../plan/plan.ts";
import { printPlan } from "./print-plan.ts";
import type { PrintedDocument, PrintedHost, PrintedPlan } from "./printed-plan.ts";
import { configurationError, type UserError } from "../problem.ts";
import { stackOf } from "../stack/derive.ts";
import { releasedImages } from "../stack/images.ts";
import type { Release } from "../stack/release.ts";

/** A stack as far as it can be read without engine, keys and server. */
export interface OfflineStack {
  readonly deployment: Deployment;
  /** Paths of the configuration whose values are unknown. */
  readonly unknown: readonly string[];
  /** The names of all variables are known, though not their values. */
  readonly namesKnown: boolean;
  /** The variables that are no secrets. */
  readonly plain: Readonly<Record<string, string>>;
}

/** Placeholder for an image that is not known and not in the earlier plan. */
const unknownImage = `unknown@sha256:${"0".repeat(64)}`;

/** Everything that is known of the last deploy without the keys of deployments. */
export interface LastDeploy {
  /** The plan that it published. */
  readonly published: PrintedPlan | undefined;
  /** By name of the host: what a key that only observes found; undefined where the server told nothing. */
  readonly observations?: Readonly<Record<string, Observation | undefined>>;
}

/** Everything on one server that a branch is compared with. */
interface EarlierHost {
  readonly facts: HostFacts;
  readonly documents: readonly EarlierDocument[];
}

/** A document that was applied, as its server or the earlier plan tells it. */
type EarlierDocument = Pick<PrintedDocument, "resource" | "object" | "kind" | "text">;

/**
 * Plans a stack from its files alone and compares it with what was deployed: the documents that a server applied, where
 * it was observed, or else the plan that the last deploy published. This is the preview of a protected stack in a merge
 * request.
 */
export function planOffline(stack: OfflineStack, { published, observations = {} }: LastDeploy): PrintedPlan {
  if (published !== undefined && published.stack !== stack.deployment.stack) throw otherStack(stack, published);
  const movedFrom = movedHosts(stack, published);
  const all = earlierHosts(published, observations);
  const documents = Object.values(all).flatMap((host) => host.documents);
  const hosts = Object.fromEntries(Object.entries(all).filter(([name]) => movedFrom[name] === undefined));
  const { deployment, unknownVariables } = completed(stack, documents, published?.plain ?? {});
  const release =
    lastRelease(Object.values(hosts).map(({ facts }) => facts.observation)) ??
    (documents.length === 0 ? unknownRelease(stack.deployment) : earlierRelease(documents));
  const facts = Object.entries(hosts).map(([name, host]) => [name, host.facts] as const);
  const plan = planDeployment(
    { deployment, stack: stackOf(deployment) },
    { release, hosts: Object.fromEntries(facts), newAttempt: () => "offline" },
  );
  const names = Object.entries(hosts).map(([name, host]) => [name, host.documents] as const);
  const offline = { unknown: stack.unknown, unknownVariables, documents: Object.fromEntries(names), movedFrom };
  return printPlan(plan, { plain: plainSums(stack.plain), offline });
}

/**
 * By host: the address at the last deploy, where the stack now names another server. Nothing that was deployed counts
 * for such a server, and nothing that it tells: it would get everything, with all secrets (SEC-A6).
 */
function movedHosts(
  { deployment, unknown }: OfflineStack,
  published: PrintedPlan | undefined,
): Readonly<Record<string, string>> {
  const moved = Object.entries(deployment.hosts).flatMap(([name, { connection, path }]): [string, string][] => {
    const before = published?.hosts[name];
    if (before === undefined) return [];
    const differs = (key: string, now: string, then: string): boolean =>
      now !== then && !unknown.includes(`${path}.${key}`);
    const isOther =
      differs("address", connection.host, before.address) || differs("hostKey", connection.hostKey, before.hostKey);
    return isOther ? [[name, before.address]] : [];
  });
  return Object.fromEntries(moved);
}

/** What was deployed on each server. The facts of one that was observed take the place of the earlier plan's. */
function earlierHosts(
  published: PrintedPlan | undefined,
  observations: NonNullable<LastDeploy["observations"]>,
): Readonly<Record<string, EarlierHost>> {
  const known = Object.entries(published?.hosts ?? {}).map(([name, host]) => [name, publishedHost(host)] as const);
  const observed = Object.entries(observations).flatMap(([name, observation]) =>
    observation === undefined ? [] : [[name, observedHost(name, observation)] as const],
  );
  return Object.fromEntries([...known, ...observed]);
}

function publishedHost({ documents, written }: PrintedHost): EarlierHost {
  const numbers = documents.map(({ resource, number, hash }) => [resource, { number, hash }] as const);
  const facts = {
    observation: undefined,
    last: { documents: Object.fromEntries(numbers), files: written, data: {} },
    before: new Map(documents.map(({ object, text }) => [object, text])),
  };
  return { facts, documents };
}

function observedHost(name: string, observation: Observation): EarlierHost {
  return { facts: { observation, last: readLastOutputs({}, name) }, documents: observation.applied };
}

function otherStack({ deployment }: OfflineStack, { stack }: PrintedPlan): UserError {
  const what = `is a plan of another stack than '${deployment.stack}', got '${stack}'`;
  return configurationError({ path: "--against", what, todo: "name the plan that the stack's own last deploy left" });
}

/** A deployment in which all values are filled in, and the names of the variables that could not be compared. */
interface Completed {
  readonly deployment: Deployment;
  readonly unknownVariables: readonly string[];
}

/** Fills in unknown values with those that were deployed. `sums` are of the plain variables of the last deploy. */
function completed(
  { deployment, unknown, namesKnown, plain }: OfflineStack,
  documents: readonly EarlierDocument[],
  sums: PrintedPlan["plain"],
): Completed {
  const before = earlierVariables(documents);
  const own = plainSums(plain);
  const isCompared = (name: string): boolean => own[name] !== undefined && sums[name] !== undefined;
  const valueOf = (name: string): string =>
    isCompared(name) && own[name] !== sums[name] ? "changed" : (before[name] ?? "unknown");
  const names = [...new Set([...Object.keys(deployment.variables), ...(namesKnown ? [] : Object.keys(before))])];
  const directory = unknown.includes("directory") ? earlierDirectory(documents) : undefined;
  return {
    deployment: {
      ...deployment,
      ...(directory !== undefined && { directory }),
      variables: Object.fromEntries(names.map((name) => [name, valueOf(name)])),
    },
    unknownVariables: names.filter((name) => before[name] !== undefined && !isCompared(name)).sort(),
  };
}

/** A release with a placeholder for each of its images. */
export function unknownRelease(deployment: Deployment): Release {
  const images = Object.fromEntries(releasedImages(deployment).map((name) => [name, unknownImage]));
  return { version: "unknown", images };
}

/** The fingerprints of the deployed variables, by name. */
function earlierVariables(documents: readonly EarlierDocument[]): Readonly<Record<string, string>> {
  const files = bodiesOf(documents, "secrets").flatMap(({ files }) => (isMap(files) ? Object.values(files) : []));
  return Object.fromEntries(files.flatMap((file) => (isMap(file) ? textsIn(file["entries"]) : [])));
}

/** The stack's directory, which is the same on each server. */
function earlierDirectory(documents: readonly EarlierDocument[]): string | undefined {
  return bodiesOf(documents, "directory").flatMap(({ path }) => textIn(path))[0];
}

/** The deployed release, with the image of each service. */
function earlierRelease(documents: readonly EarlierDocument[]): Release {
  const entries = bodiesOf(documents, "images").flatMap((body) => textsIn(body["images"]));
  const byService = entries.flatMap(([image, services]) =>
    services.split(" ").map((service) => [service, image] as const),
  );
  const images = Object.fromEntries(byService.filter(([service]) => service !== proxyName));
  const rollouts = bodiesOf(documents, "rollout");
  const [version = "none"] = rollouts.flatMap(({ release }) => textIn(release));
  const [commit] = rollouts.flatMap((rollout) => textIn(rollout["commit"]));
  return { version, images, ...(commit !== undefined && { commit }) };
}

/** The bodies of all documents of one kind. */
function bodiesOf(documents: readonly EarlierDocument[], kind: string): Readonly<Record<string, DocumentValue>>[] {
  return documents
    .filter((document) => document.kind === kind)
    .map(({ text }) => readDocument(text)?.document.body ?? {});
}

function textIn(value: DocumentValue | undefined): string[] {
  return typeof value === "string" ? [value] : [];
}

function textsIn(value: DocumentValue | undefined): [string, string][] {
  return Object.entries(isMap(value) ? value : {}).flatMap(([name, text]): [string, string][] =>
    typeof text === "string" ? [[name, text]] : [],
  );
}
