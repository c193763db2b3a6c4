import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameProblems, namesOf } from "../../../model/stack/names.ts";
import { describeProblem } from "../../../model/problem.ts";
import { aaperture, deployment, service } from "./aaperture.ts";

describe("names of a stack", () => {
  it("begin with its project, and its places with its directory", () => {
    expect(namesOf(aaperture())).toEqual({
      projects: {
        shared: "aaperture-staging",
        proxy: "aaperture-staging-proxy",
        migration: "aaperture-staging-migration",
        blue: "aaperture-staging-blue",
        green: "aaperture-staging-green",
        colour: "aaperture-staging-<colour>",
      },
      directories: {
        shared: "/var/www/aaperture-staging",
        proxy: "/var/www/aaperture-staging/proxy",
        migration: "/var/www/aaperture-staging/migration",
        blue: "/var/www/aaperture-staging/blue",
        green: "/var/www/aaperture-staging/green",
        colour: "/var/www/aaperture-staging/<colour>",
      },
      envFiles: {
        shared: "/var/www/aaperture-staging/.env",
        migration: "/var/www/aaperture-staging/migration/.env",
        blue: "/var/www/aaperture-staging/blue/.env",
        green: "/var/www/aaperture-staging/green/.env",
        colour: "/var/www/aaperture-staging/<colour>/.env",
      },
      networks: { data: "aaperture-staging_data", edge: "aaperture-staging_edge" },
      volumes: { metrics: "aaperture-staging_metrics", pgdata: "aaperture-staging_pgdata" },
    });
  });

  const project = fc.stringMatching(/^(a|b|a-b|a_b)(-(proxy|blue|green|migration)){0,2}$/);

  it("are not those of another stack, whatever its project (A5)", () => {
    fc.assert(
      fc.property(project, project, (one, other) => {
        const [a, b] = [aaperture({ project: one }), aaperture({ project: other })];
        fc.pre(one !== other && nameProblems(a).length + nameProblems(b).length === 0);
        const taken = namesOf(a);
        const wanted = namesOf(b);
        for (const kind of ["projects", "networks", "volumes"] as const) {
          expect(Object.values(wanted[kind]).filter((name) => Object.values(taken[kind]).includes(name))).toEqual([]);
        }
      }),
    );
  });
});

describe("problems of names", () => {
  it.each(["shop-proxy", "shop-blue", "shop-green", "shop-migration"])(
    "rejects the project %s, which another stack's part may have",
    (project) => {
      const end = project.slice(4);
      expect(nameProblems(aaperture({ project })).map(describeProblem)).toEqual([
        `project: ends with '${end}', as the projects do that slipway makes for a stack, got '${project}'; end it with another word`,
      ]);
    },
  );

  it.each(["proxy", "api-blue", "api-green"])("rejects a service named %s", (name) => {
    const services = [service("api"), service(name)];
    expect(nameProblems(deployment(services, { api: { release: true } })).map(describeProblem)).toEqual([
      `services.${name}: is a name that slipway gives to a service of its own in the stack's networks; rename the service in the compose file`,
    ]);
  });

  it("has none with a shared service's name and a colour", () => {
    expect(nameProblems(deployment([service("api"), service("api-blue")]))).toEqual([]);
  });
});
