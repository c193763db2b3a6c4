import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ensureNamesAreFree, envFileOf, placesOf } from "../../../model/stack/names.ts";
import { describeProblem } from "../../../model/problem.ts";
import { aaperture, deployment, service } from "./aaperture.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { claimOf } from "../../../model/plan/claim.ts";
import { hostOf, mainOf, releasePart } from "./main-host.ts";

describe("names of a stack", () => {
  it("begin with its project, and paths with its directory", () => {
    const { project, directory } = aaperture();
    const host = hostOf(aaperture());
    expect(placesOf({ project, directory })).toEqual({
      shared: { project: "aaperture-staging", directory: "/var/www/aaperture-staging" },
      proxy: { project: "aaperture-staging-slipway-proxy", directory: "/var/www/aaperture-staging/slipway-proxy" },
      migration: { project: "aaperture-staging-migration", directory: "/var/www/aaperture-staging/migration" },
      blue: { project: "aaperture-staging-blue", directory: "/var/www/aaperture-staging/blue" },
      green: { project: "aaperture-staging-green", directory: "/var/www/aaperture-staging/green" },
      colour: { project: "aaperture-staging-<colour>", directory: "/var/www/aaperture-staging/<colour>" },
    });
    expect(envFileOf(releasePart(host))).toBe("/var/www/aaperture-staging/<colour>/.env");
    expect(host.volumes.map(({ volume }) => volume)).toEqual(["aaperture-staging_metrics", "aaperture-staging_pgdata"]);
  });

  const project = fc.stringMatching(/^(a|b|a-b|a_b)(-(proxy|blue|green|migration)){0,2}$/);

  it("differ from those of every other stack (A5)", () => {
    fc.assert(
      fc.property(project, project, (one, other) => {
        const [a, b] = [stackOf(aaperture({ project: one })), stackOf(aaperture({ project: other }))];
        fc.pre(one !== other && ensureNamesAreFree(a).length + ensureNamesAreFree(b).length === 0);
        const [taken, wanted] = [claimOf(a, mainOf(a.hosts)), claimOf(b, mainOf(b.hosts))];
        for (const kind of ["projects", "networks", "volumes"] as const) {
          expect(Object.keys(wanted[kind]).filter((name) => name in taken[kind])).toEqual([]);
        }
      }),
    );
  });
});

describe("problems of names", () => {
  it.each(["shop-slipway-proxy", "shop-blue", "shop-green", "shop-migration"])(
    "rejects the project %s, which a part of another stack may have",
    (project) => {
      const end = project.slice(4);
      expect(ensureNamesAreFree(stackOf(aaperture({ project }))).map(describeProblem)).toEqual([
        `project: ends with '${end}', as the projects do that slipway makes for a stack, got '${project}'; ` +
          "end it with another word",
      ]);
    },
  );

  it.each(["slipway-proxy", "slipway-web", "api-blue", "api-green"])("rejects a service named %s", (name) => {
    const services = [service("api"), service(name)];
    expect(ensureNamesAreFree(stackOf(deployment(services, { api: { release: true } }))).map(describeProblem)).toEqual([
      `services.${name}: is a name that slipway gives to a service of its own in the stack's networks; ` +
        "rename the service in the compose file",
    ]);
  });

  it("are none for the name of a shared service with a colour", () => {
    expect(ensureNamesAreFree(stackOf(deployment([service("api"), service("api-blue")])))).toEqual([]);
  });
});
