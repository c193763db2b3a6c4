import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { ensureJobsEnd } from "../../../../model/stack/start/job.ts";
import { deployment, migration, service, settings } from "../aaperture.ts";

const ended = { condition: "service_completed_successfully", required: true } as const;

/** A stack in which `web` waits for the end of `seed`. */
function awaited(seed: Parameters<typeof service>[1], own: Parameters<typeof settings>[0] = {}) {
  const web = service("web", { dependsOn: { seed: ended } });
  return stackOf(deployment([service("seed", seed), web], { seed: own, web: own }));
}

const problems = (stack: ReturnType<typeof stackOf>) => ensureJobsEnd(stack).map(describeProblem);

describe("a job that is started again after each end", () => {
  it.each([
    ["restart", { restart: "always" }, "always"],
    ["restart", { restart: "unless-stopped" }, "unless-stopped"],
    ["deploy.restart_policy", { fields: { deploy: { restart_policy: { condition: "any" } } } }, "always"],
  ])("is rejected by its %s, since others would wait for ever", (field, seed, got) => {
    expect(problems(awaited(seed))).toEqual([
      `compose.services.seed.${field}: restarts a job after it succeeded (others wait for its end), got '${got}'; ` +
        `write \`on-failure\`, or remove it`,
    ]);
  });

  it("is rejected where the stack calls it a job, also in a release", () => {
    const seed = service("seed", { restart: "always" });
    for (const release of [false, true]) {
      expect(problems(stackOf(deployment([seed], { seed: { job: true, release } })))).toEqual([
        "compose.services.seed.restart: restarts a job after it succeeded (services.seed.job is set), " +
          "got 'always'; write `on-failure`, or remove it",
      ]);
    }
  });

  it.each([{}, { restart: "no" }, { restart: "on-failure" }, { restart: "on-failure:3" }])(
    "is not one with %j",
    (seed) => {
      expect(problems(awaited(seed))).toEqual([]);
    },
  );
});

describe("the restart policy", () => {
  const restartOf = (own: Parameters<typeof service>[1], also: Parameters<typeof settings>[0] = {}) =>
    stackOf(deployment([service("one", own)], { one: also })).services[0]?.restart;

  it("is that of the file; without one a service comes back with the server, and a job does not", () => {
    expect(restartOf({ restart: "always" })).toBe("always");
    expect(restartOf({})).toBe("unless-stopped");
    expect(restartOf({}, { job: true })).toBe("no");
  });

  it.each([
    [{ condition: "none" }, "no"],
    [{ condition: "any" }, "always"],
    [{ condition: "on-failure" }, "on-failure"],
    [{ condition: "on-failure", max_attempts: 3 }, "on-failure:3"],
    [{ max_attempts: 3 }, "unless-stopped"],
  ])("is that below deploy, where %j has a condition", (policy, expected) => {
    expect(restartOf({ fields: { deploy: { restart_policy: policy } } })).toBe(expected);
  });

  it("is a line of the plan where it is not that of Compose (F142)", () => {
    const services = [
      service("db", {}),
      service("setup", { restart: "no" }),
      service("queue", { restart: "unless-stopped" }),
      service("web", {}),
      service("api", { restart: "always" }),
      service("cron", { restart: "always" }),
      service("site", { restart: "${RESTART}" }),
    ];
    const release = { release: true };
    const { notes } = stackOf(deployment(services, { api: release, site: release }, { migrations: [migration()] }));
    expect(notes.filter((note) => note.includes("restart"))).toEqual([
      "db, web: restart is unless-stopped, since the compose file says nothing",
      "api, site: restart is unless-stopped, since a colour that was stopped stays so",
    ]);
  });

  it("of a release service is never always, so that a stopped colour stays stopped (F51)", () => {
    expect(restartOf({ restart: "always" }, { release: true })).toBe("unless-stopped");
  });
});
