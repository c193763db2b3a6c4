import {
  documentsOf,
  documentsOutput,
  planDeployment,
  type CheckedDeployment,
  type HostPlan,
  type Plan,
} from "../../../model/plan/plan.ts";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import type { ContainerFact, Observation } from "../../../model/facts/observation.ts";
import { serviceImages } from "../../../model/report/print-plan.ts";
import { observed } from "../facts/observed.ts";
import { proxyName } from "../../../model/proxy.ts";
import { hostOf, mainOf } from "../stack/main-host.ts";

/** A deployment with its stack. */
export function withStack(deployment: Deployment): CheckedDeployment {
  return { deployment, stack: stackOf(deployment) };
}

/** The plan of a stack with the observation of its only server. */
export function wholePlan(wanted: Deployment, observation: Observation | undefined, attempt = "a"): Plan {
  const last = readLastOutputs({}, "main");
  return planDeployment(withStack(wanted), { hosts: { main: { observation, last } }, newAttempt: () => attempt });
}

/** A plan without an observation, after a deployment was applied. */
export function blindPlan(wanted: Deployment, deployed: Deployment): Plan {
  const last = readLastOutputs({ documents: documentsOutput(wholePlan(deployed, observed())) }, "main");
  return planDeployment(withStack(wanted), {
    hosts: { main: { observation: undefined, last } },
    newAttempt: () => "b",
  });
}

/** A stack without plain variables. */
export const noPlain = { plain: {} };

/** The plan of the only server with its observation; attempts are named by their number. */
export function planOf(wanted: Deployment, observation: Observation | undefined, attempt = "a"): HostPlan {
  return mainOf(wholePlan(wanted, observation, attempt).hosts);
}

/** The observation of a server after a deployment was applied; `first` is how it was before. */
export function carriedOut(
  deployment: Deployment,
  also: Partial<Observation> = {},
  first: Observation = observed(),
): Observation {
  const done = planOf(deployment, first);
  const applied = documentsOf(done).map(({ object, number, hash, text, document: { kind, resource } }) => ({
    ...{ object, kind, resource, number, hash, text },
    differences: [],
  }));
  return observed({ applied, files: done.written, containers: containersOf(deployment), ...also });
}

/** An observation with differences to one document. */
export function drifted(
  found: Observation,
  resource: string,
  differences: readonly [string, string, string][],
): Observation {
  const said = differences.map(([where, expected, found]) => ({ where, expected, found }));
  const applied = found.applied.map((fact) => (fact.resource === resource ? { ...fact, differences: said } : fact));
  return { ...found, applied };
}

function containersOf(deployment: Deployment): ContainerFact[] {
  const host = hostOf(deployment);
  const { project } = deployment;
  return serviceImages(host, undefined).map(({ service, declared }) => {
    const colour = host.parts.release?.services.some(({ name }) => name === service) ? "-blue" : "";
    const part = service === proxyName ? `${project}-${proxyName}` : `${project}${colour}`;
    const name = `${part}-${service}${colour}-1`;
    const since = "2026-01-01T00:00:00Z";
    const state = { state: "running", exitCode: 0, health: "healthy", since, restarts: 0, done: false };
    return { project: part, service: `${service}${colour}`, name, image: declared, ...state };
  });
}
