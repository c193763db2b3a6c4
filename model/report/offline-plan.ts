import type { DocumentValue } from "../document/document.ts";
import { readDocument } from "../document/reader.ts";
import { isMap } from "../json.ts";
import type { Deployment } from "../stack/deployment.ts";
import { plainSums } from "./plain-sum.ts";
import type { HostFacts } from "../plan/host-facts.ts";
import { planDeployment } from "../plan/plan.ts";
import { printPlan } from "./print-plan.ts";
import type { PrintedHost, PrintedPlan } from "./printed-plan.ts";
import { configurationError, type UserError } from "../problem.ts";
import { stackOf } from "../stack/derive.ts";
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

/**
 * Plans a stack from its files alone and compares it with the plan that its last deploy published. This is the preview
 * of a protected stack in a merge request.
 */
export function planOffline(stack: OfflineStack, against: PrintedPlan | undefined): PrintedPlan {
  if (against !== undefined && against.stack !== stack.deployment.stack) throw otherStack(stack, against);
  const earlier = Object.entries(against?.hosts ?? {});
  const deployment = completed(stack, against);
  const plan = planDeployment(
    { deployment, stack: stackOf(deployment) },
    {
      release: against === undefined ? unknownRelease(stack.deployment) : earlierRelease(against),
      hosts: Object.fromEntries(earlier.map(([name, host]) => [name, factsOf(host)])),
      newAttempt: () => "offline",
    },
  );
  const documents = Object.fromEntries(earlier.map(([name, host]) => [name, host.documents]));
  return printPlan(plan, { plain: plainSums(stack.plain), offline: { unknown: stack.unknown, documents } });
}

/** The facts about a server in an earlier plan. */
function factsOf({ documents, written }: PrintedHost): HostFacts {
  const numbers = documents.map(({ resource, number, hash }) => [resource, { number, hash }] as const);
  return {
    observation: undefined,
    last: { documents: Object.fromEntries(numbers), files: written, data: {} },
    before: new Map(documents.map(({ object, text }) => [object, text])),
  };
}

function otherStack({ deployment }: OfflineStack, { stack }: PrintedPlan): UserError {
  const what = `is a plan of another stack than '${deployment.stack}', got '${stack}'`;
  return configurationError({ path: "--against", what, todo: "name the plan that the stack's own last deploy left" });
}

/** Fills in unknown values with those of the earlier plan. */
function completed(
  { deployment, unknown, namesKnown, plain }: OfflineStack,
  against: PrintedPlan | undefined,
): Deployment {
  const before = against === undefined ? {} : earlierVariables(against);
  const sums = plainSums(plain);
  const valueOf = (name: string): string => {
    const changed =
      sums[name] !== undefined && against?.plain[name] !== undefined && sums[name] !== against.plain[name];
    return changed ? "changed" : (before[name] ?? "unknown");
  };
  const names = new Set([...Object.keys(deployment.variables), ...(namesKnown ? [] : Object.keys(before))]);
  const directory = unknown.includes("directory") && against !== undefined ? earlierDirectory(against) : undefined;
  return {
    ...deployment,
    ...(directory !== undefined && { directory }),
    variables: Object.fromEntries(Array.from(names, (name) => [name, valueOf(name)])),
  };
}

/** A release with a placeholder for the image of each service. */
function unknownRelease({ application, migration }: Deployment): Release {
  const services = [...Object.keys(application.services), migration?.service.name ?? ""];
  const images = Object.fromEntries(services.map((name) => [name, unknownImage]));
  return { version: "unknown", images, proxy: unknownImage };
}

/** The fingerprints of the deployed variables in an earlier plan, by name. */
function earlierVariables(plan: PrintedPlan): Readonly<Record<string, string>> {
  const files = bodiesOf(plan, "secrets").flatMap(({ files }) => (isMap(files) ? Object.values(files) : []));
  return Object.fromEntries(files.flatMap((file) => (isMap(file) ? textsIn(file["entries"]) : [])));
}

/** The stack's directory, which is the same on each server. */
function earlierDirectory(plan: PrintedPlan): string | undefined {
  return bodiesOf(plan, "directory").flatMap(({ path }) => (typeof path === "string" ? [path] : []))[0];
}

/** The deployed release, with the image of each service. */
function earlierRelease(plan: PrintedPlan): Release {
  const entries = bodiesOf(plan, "images").flatMap((body) => textsIn(body["images"]));
  const byService = entries.flatMap(([image, services]) =>
    services.split(" ").map((service) => [service, image] as const),
  );
  const { "@proxy": proxy, ...images }: Record<string, string> = Object.fromEntries(byService);
  return { version: plan.release ?? "none", images, ...(proxy !== undefined && { proxy }) };
}

/** The bodies of all documents of one kind on all servers. */
function bodiesOf({ hosts }: PrintedPlan, kind: string): Readonly<Record<string, DocumentValue>>[] {
  const documents = Object.values(hosts).flatMap((host) => host.documents);
  return documents
    .filter((document) => document.kind === kind)
    .map(({ text }) => readDocument(text)?.document.body ?? {});
}

function textsIn(value: DocumentValue | undefined): [string, string][] {
  return Object.entries(isMap(value) ? value : {}).flatMap(([name, text]): [string, string][] =>
    typeof text === "string" ? [[name, text]] : [],
  );
}
