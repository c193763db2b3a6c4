import { readOffline } from "../../../config/offline.ts";
import { plainVariables } from "../../../config/variables/stack-variables.ts";
import { describeProblem, messageOf, UserError } from "../../../model/problem.ts";
import { planFresh } from "../../../model/report/server-files.ts";
import { allowed } from "../allowed.ts";
import { compareColours } from "../compare/colours.ts";
import { comparisonOf, type Comparison } from "../compare/comparison.ts";
import type { Difference } from "../compare/difference.ts";
import { compareEnvironment } from "../compare/environment.ts";
import { compareFields } from "../compare/fields.ts";
import { compareMounts } from "../compare/mounts.ts";
import { compareNetworks } from "../compare/networks.ts";
import { compareOrder } from "../compare/order.ts";
import { compareParts } from "../compare/parts.ts";
import { comparePorts } from "../compare/ports.ts";
import { compareVolumeFields } from "../compare/volume-fields.ts";
import type { Compose } from "./compose.ts";
import { lockCase } from "./lock.ts";
import { CasePlace } from "./place.ts";
import { readCaseConfig, readOriginal } from "./original.ts";
import { stackEnvText, writeServer } from "./server.ts";
import { readServer } from "./server-view.ts";

/** The result of one case. */
export type CaseResult =
  | { readonly kind: "carried"; readonly changedLines: number }
  | { readonly kind: "differs"; readonly differences: readonly Difference[] }
  | { readonly kind: "refused"; readonly messages: readonly string[] };

/** A difference that the closed list allows, by the name of its entry. */
export type Use = (entry: string) => void;

/** Renders a case as a user would, and holds it against what each Compose makes of the original. */
export async function runCase(
  name: string,
  cases: string,
  versions: readonly Compose[],
  used: Use,
): Promise<CaseResult> {
  using place = new CasePlace(name, cases);
  const rendered = await render(place).catch((error: unknown) => {
    if (error instanceof UserError) return { messages: error.problems.map(describeProblem) };
    return { messages: [`slipway failed: ${messageOf(error)}`] };
  });
  if ("messages" in rendered) return { kind: "refused", messages: rendered.messages };
  const found = new Map<string, Difference>();
  for (const compose of versions) {
    const comparison = await compareWith(place, rendered, compose);
    const differences = "refusal" in comparison ? [comparison.refusal] : differencesOf(comparison, used);
    for (const difference of differences) found.set(JSON.stringify(difference), difference);
  }
  return found.size === 0
    ? { kind: "carried", changedLines: place.changedLines }
    : { kind: "differs", differences: [...found.values()] };
}

type Rendered = Exclude<Awaited<ReturnType<typeof render>>, { readonly messages: unknown }>;

/** Plans a case from its files alone; its secrets have their names as values. */
async function render({ repository }: CasePlace) {
  const environment = { PATH: process.env["PATH"] };
  await lockCase(repository);
  const read = await readOffline({ folder: repository, stack: "production", environment });
  const { read: checked, problems, variables, unknown } = read;
  if (checked === undefined || problems.length > 0) throw new UserError(problems);
  const plan = planFresh({ deployment: checked.deployment, unknown, namesKnown: true, plain: {} });
  const plain = plainVariables(variables);
  const names = Object.keys(checked.deployment.variables);
  const values = Object.fromEntries(names.map((name) => [name, plain[name] ?? `value-of-${name}`]));
  return { plan, values };
}

/** Reads a case as both sides have it; throws if slipway or Compose refuses it. */
export async function readComparison(place: CasePlace, compose: Compose): Promise<Comparison> {
  const comparison = await compareWith(place, await render(place), compose);
  if ("refusal" in comparison) throw new Error(`${place.name}: ${comparison.refusal.found}`);
  return comparison;
}

async function compareWith(
  place: CasePlace,
  { plan, values }: Rendered,
  compose: Compose,
): Promise<Comparison | { readonly refusal: Difference }> {
  const config = readCaseConfig(place);
  const original = await readOriginal(place, config, compose, stackEnvText(values));
  if ("refusal" in original) {
    const found = `Compose ${compose.version}: ${original.refusal}`;
    const what = { expected: "a plan that refuses what Compose refuses", found };
    return { refusal: { aspect: "parts", service: "", field: "original", ...what } };
  }
  const [host] = Object.values(plan.hosts);
  if (host === undefined) throw new Error(`${place.name}: the plan has no server`);
  writeServer(place, host, values);
  const server = await readServer(place, host, plan.stack, compose);
  const { createsFolders } = compose;
  const folders = { folder: place.original, root: place.server, createsFolders };
  return comparisonOf({ config, ...folders, original: original.json, server });
}

/** Every difference that the closed list does not allow. */
export function differencesOf(comparison: Comparison, used: Use): Difference[] {
  const all = [
    ...compareParts(comparison),
    ...compareColours(comparison),
    ...compareFields(comparison),
    ...compareEnvironment(comparison),
    ...compareMounts(comparison),
    ...compareVolumeFields(comparison),
    ...comparePorts(comparison),
    ...compareNetworks(comparison),
    ...compareOrder(comparison),
  ];
  return all.filter((difference) => {
    const pair = comparison.pairs.find(({ name }) => name === difference.service);
    const entry = allowed.find(
      ({ aspect, field, allows }) =>
        aspect === difference.aspect && field.test(difference.field) && allows(difference, comparison, pair),
    );
    if (entry !== undefined) used(entry.what);
    return entry === undefined;
  });
}
