import { expect, it, test } from "vitest";
import { ensureVersionsKnow, isBefore } from "../../../model/facts/versions.ts";
import { describeProblem } from "../../../model/problem.ts";
import { versionNeeds } from "../../../model/plan/version-needs.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import type { Service } from "../../../model/compose/application.ts";
import { deployment, service } from "../stack/aaperture.ts";
import { observed } from "./observed.ts";

function problems(
  parts: Partial<Service>,
  versions: { readonly engine?: string; readonly compose?: string },
): string[] {
  const needs = stackOf(deployment([service("cache", parts)])).services.flatMap(versionNeeds);
  const host = { ...observed().host, engine: "29.0.0", compose: "5.6.1" };
  return ensureVersionsKnow(needs, observed({ host: { ...host, ...versions } })).map(describeProblem);
}

/** A service in one network, with a key of its place there. */
function placed(fields: Service["fields"]): Partial<Service> {
  return { networks: { back: { aliases: [], fields } } };
}

/** A service with one volume, mounted with options. */
function mounted(options: Service["fields"]): Partial<Service> {
  return { mounts: [{ type: "volume", source: "all", target: "/data", readOnly: false, options }] };
}

test.each<[key: string, parts: Partial<Service>, program: "engine" | "compose", before: string, since: string]>([
  ["healthcheck.start_interval", { fields: { healthcheck: { start_interval: "1s" } } }, "engine", "24.0.7", "25.0.0"],
  ["networks.back.interface_name", placed({ interface_name: "eth7" }), "compose", "2.26.1-4", "2.36.0"],
  ["networks.back.interface_name", placed({ interface_name: "eth7" }), "engine", "28.0.4", "28.1.0"],
  ["networks.back.gw_priority", placed({ gw_priority: 5 }), "compose", "2.26.1-4", "2.33.0"],
  ["networks.back.gw_priority", placed({ gw_priority: 5 }), "engine", "27.5.1", "28.0.0"],
  ["volumes", mounted({ labels: { a: "b" } }), "compose", "2.26.1-4", "2.35.0"],
  ["volumes", mounted({ subpath: "data" }), "engine", "25.0.5", "26.0.0"],
])("%s of %o is refused by %s %s, and accepted by %s", (key, parts, program, before, since) => {
  const [problem, ...others] = problems(parts, { [program]: before });
  expect(problem).toMatch(`compose.services.cache.${key}: `);
  expect(problem).toContain(
    `got '${before}'; install a newer Docker ${program === "engine" ? "Engine" : "Compose"} there`,
  );
  expect(others).toEqual([]);
  expect(problems(parts, { [program]: since })).toEqual([]);
});

it.each([
  ["2.26.1-4", "2.36", true],
  ["2.36", "2.36.0", false],
  ["v2.9.0", "2.36", true],
  ["2.40.3", "2.36", false],
  ["5.0.0", "2.36", false],
  ["20.10.24+dfsg1", "20.10", false],
  ["19.03.15", "20.10", true],
  ["28", "28.1", true],
  ["dev", "28.1", false],
  ["", "28.1", false],
])("%s before %s is %s", (version, since, expected) => {
  expect(isBefore(version, since)).toBe(expected);
});
