import { bodySchemas, longestDeadline } from "../model/document/bodies.ts";
import type { UnhealthyService } from "../model/facts/health.ts";
import { documentsOf, type HostPlan, type Plan } from "../model/plan/plan.ts";
import { phasesText } from "../model/report/phases.ts";
import { messageOf, UserError, type Problem } from "../model/problem.ts";
import type { StackHost } from "../model/stack/stack.ts";
import type { ObservedHost, ObservedHosts } from "./observe.ts";

/**
 * Requires that everything that a run declares is well on every server, once it was applied or found unchanged
 * (SEC-A5, F136). Each server waits for it as long as `boot` says; all that is not well is reported at once. `say` gets
 * the phases of a release with their times.
 */
export async function requireHealth(
  hosts: ObservedHosts,
  { hosts: plans }: Plan,
  say: (line: string) => void,
): Promise<void> {
  const asked = Object.values(plans).map((plan) => healthProblems(plan, hosts[plan.host.name], say));
  const problems = (await Promise.all(asked)).flat();
  if (problems.length > 0)
    throw new UserError(problems, { heading: "everything was applied, but not everything is healthy:" });
}

async function healthProblems(
  plan: HostPlan,
  found: ObservedHost | undefined,
  say: (line: string) => void,
): Promise<Problem[]> {
  const { host } = plan;
  const objects = documentsOf(plan).map(({ object }) => object);
  try {
    if (found?.client === undefined) throw new Error("there is no connection to it");
    const { ill, phases } = await found.client.health(objects, longestWait(plan));
    const told = phasesText(phases);
    if (told !== undefined) say(told);
    return problemsOf(ill, host);
  } catch (error) {
    const what = `the health of what was applied is not known: ${messageOf(error)}`;
    return [{ path: host.path, what, todo: "fix the cause above, and run again" }];
  }
}

/** One problem for each service and reason; a service that the configuration does not name is the server's. */
function problemsOf(ill: readonly UnhealthyService[], { name, path, services }: StackHost): Problem[] {
  const problems = ill.map(({ service, project, why }): Problem => {
    const isNamed = services.some((one) => one.name === service);
    return {
      path: isNamed ? `services.${service}` : path,
      what: `${isNamed ? "" : `'${service}' `}${why} (${project} on ${name})`,
      todo: "its last lines are in this output; fix it, and run again",
    };
  });
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.what}`, problem])).values()];
}

/** The most seconds that a server may wait for a service. */
function longestWait({ shared, release }: HostPlan): number {
  const { compose, rollout } = bodySchemas;
  const projects = [shared?.before, shared?.after, release?.proxy].filter((planned) => planned !== undefined);
  return Math.max(
    ...projects.map(({ document }) => longestDeadline(compose.parse(document.body))),
    release === undefined ? 0 : longestDeadline(rollout.parse(release.rollout.document.body)),
  );
}
