import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../../model/problem.ts";
import { stackProblems } from "../../../../model/plan/rules.ts";
import type { ServiceSettings } from "../../../../model/stack/deployment.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { deployment, service } from "../aaperture.ts";
import { tcp } from "../port.ts";

const started = { condition: "service_started", required: true } as const;
const ended = { condition: "service_completed_successfully", required: true } as const;

/** A release of these services, each with its settings. */
function release(
  services: readonly ReturnType<typeof service>[],
  given: Readonly<Record<string, Partial<ServiceSettings>>> = {},
) {
  const all = Object.fromEntries(services.map(({ name }) => [name, { release: true, ...given[name] }]));
  return stackOf(deployment(services, all));
}

function waiting(stack: ReturnType<typeof release>): string[] {
  return stack.services.flatMap(({ name, afterSwitch }) => (afterSwitch ? [name] : []));
}

describe("a worker", () => {
  const web = service("web", { ports: [tcp(8080)] });

  it("starts after the switch: it has no port, is no job, and nobody needs it but other workers", () => {
    const queue = service("queue", { dependsOn: { web: started } });
    const beat = service("beat", { dependsOn: { queue: started } });
    expect(waiting(release([web, queue, beat]))).toEqual(["queue", "beat"]);
  });

  it.each([
    ["publishes a port", service("queue", { ports: [tcp(5555)] })],
    ["exposes a port to the others", service("queue", { exposed: [{ first: 9000, last: 9000 }] })],
    ["may end", service("queue", { restart: "no" })],
  ])("is no service that %s", (_what, queue) => {
    expect(waiting(release([web, queue]))).toEqual([]);
  });

  it("is no service that another one needs, by any of Compose's ways", () => {
    const queue = service("queue");
    const needing = [
      { dependsOn: { queue: started } },
      { dependsOn: { queue: ended } },
      { links: { q: "queue" } },
      { volumesFrom: [{ service: "queue", readOnly: false }] },
      { networkMode: { kind: "service", service: "queue" } as const },
    ];
    for (const also of needing) expect(waiting(release([service("site", { ...web, ...also }), queue]))).toEqual([]);
    const shared = deployment([queue, service("flower", { dependsOn: { queue: started } })], {
      queue: { release: true },
    });
    expect(waiting(stackOf(shared))).toEqual([]);
    expect(waiting(stackOf(deployment([queue])))).toEqual([]);
  });

  it("is what the stack says, and a line of the plan where it says nothing", () => {
    const given = { web: { start: "after-switch" }, queue: { start: "with-release" } } as const;
    const said = release([web, service("queue")], given);
    expect(waiting(said)).toEqual(["web"]);
    const note =
      "queue: starts after the switch, when that of the previous release has stopped, since it has no port; " +
      "to change that, set services.queue.start";
    expect(said.notes).not.toContain(note);
    expect(release([web, service("queue")]).notes).toContain(note);
  });

  it("rejects a start of shared services and jobs, and after the switch of what others need before it", () => {
    const problems = (stack: ReturnType<typeof release>): string[] =>
      stackProblems(stack)
        .filter(({ path }) => path.endsWith(".start"))
        .map(describeProblem);
    const late = { start: "after-switch" } as const;
    expect(problems(stackOf(deployment([service("queue")], { queue: late })))).toEqual([
      "services.queue.start: is for services of the release, got 'after-switch'; " +
        "remove it, or set services.queue.release",
    ]);
    expect(problems(release([web, service("setup", { restart: "no" })], { setup: late }))).toEqual([
      "services.setup.start: is not for jobs, which prepare their release, got 'after-switch'; remove it",
    ]);
    const site = service("site", { ports: [tcp(80)], dependsOn: { web: started } });
    expect(problems(release([web, site], { web: late }))).toEqual([
      "services.web.start: 'site' needs it and starts with the release, got 'after-switch'; " +
        "remove it, or set services.site.start to after-switch as well",
    ]);
    expect(problems(release([web, site], { web: late, site: late }))).toEqual([]);
  });
});
