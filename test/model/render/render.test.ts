import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../model/problem.ts";
import { stackProblems } from "../../../model/plan/rules.ts";
import { aaperture, deployment, service } from "../stack/aaperture.ts";
import { anyTwoParts, fewRuns } from "../stack/deployment-arbitrary.ts";
import { releaseOf, proxyOf, sharedOf } from "./rendering.ts";
import { ensureDatabasesKeepTheirData } from "../../../model/stack/data/kept-data.ts";
import { ensureNoDatabaseIsReleased } from "../../../model/stack/data/released-stores.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { udp } from "../stack/port.ts";

describe("rendering", () => {
  it("finds no problem in aaperture", () => {
    expect(stackProblems(stackOf(aaperture()))).toEqual([]);
  });

  it("gives one text for a deployment without problems, however its maps are ordered", () => {
    fc.assert(
      fc.property(anyTwoParts, (any) => {
        fc.pre(
          [ensureDatabasesKeepTheirData, ensureNoDatabaseIsReleased].every(
            (ensure) => ensure(stackOf(any)).length === 0,
          ),
        );
        expect(stackProblems(stackOf(any))).toEqual([]);
        const services = Object.fromEntries(Object.entries(any.application.services).reverse());
        const turned = {
          ...any,
          application: { ...any.application, services },
          ports: Object.fromEntries(Object.entries(any.ports).reverse()),
        };
        for (const render of [sharedOf, proxyOf, releaseOf]) expect(render(turned)).toEqual(render(any));
      }),
      fewRuns,
    );
  });

  it("rejects every kind of problem at once", () => {
    const services = [
      service("slipway-x", {
        ports: [udp(53)],
        fields: { command: "<colour>" },
      }),
      service("redis", {
        image: "redis:8",
        mounts: [{ type: "file", source: ".env", target: "/env", readOnly: true, files: [] }],
      }),
    ];
    const given = deployment(
      services,
      { "slipway-x": { release: true }, redis: { data: { volume: "cache" } } },
      {
        project: "shop-blue",
        release: { version: "{{1}}", images: {} },
      },
    );
    expect(stackProblems(stackOf(given)).map(({ path }) => path)).toEqual([
      "project",
      "services.slipway-x",
      "ports.slipway-x",
      "slipway.lock",
      "compose.services.redis.volumes",
      "services.redis.data.volume",
      "release.version",
      "compose.services.slipway-x",
    ]);
  });

  it.each(["<colour>", "<generation>"])(
    "rejects %s in a field of a release service, but not of a shared one",
    (word) => {
      const services = [service("api", { fields: { labels: { [word]: "x" } } })];
      expect(stackProblems(stackOf(deployment(services)))).toEqual([]);
      expect(stackProblems(stackOf(deployment(services, { api: { release: true } }))).map(describeProblem)).toEqual([
        `compose.services.api: contains a placeholder that slipway fills in, got '${word}'; write it in another way`,
      ]);
    },
  );
});
