import { expect, test } from "vitest";
import { stackProblems } from "../../../model/plan/rules.ts";
import { describeProblem } from "../../../model/problem.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import type { Service } from "../../../model/compose/application.ts";
import type { ServiceSettings } from "../../../model/stack/deployment.ts";
import { deployment, digest, service } from "./aaperture.ts";
import { tcp } from "./port.ts";

const problems = (own: Partial<Service>, settings: Partial<ServiceSettings> = {}): string[] => {
  const release = { version: "1.0.0", images: { web: digest("registry.test/web", "1") } };
  const web = { release: true, health: { path: "/ready" }, ...settings };
  const ports = { web: { mapped: [] } };
  const wanted = deployment([{ ...service("web"), ...own }], { web }, { release, ...(own.ports && { ports }) });
  return stackProblems(stackOf(wanted))
    .map(describeProblem)
    .filter((line) => line.startsWith("services.web.health"));
};

const exposed = [{ first: 3000, last: 3000 }];
const notKnown = "services.web.health: is asked at a port that is not known, got '/ready'; set services.web.port to";

test("rejects a health of a release service at a port that is not known (F142)", () => {
  expect(problems({})).toEqual([`${notKnown} the port at which it answers requests`]);
  expect(problems({ exposed })).toEqual([`${notKnown} 3000, if that is the port at which it answers requests`]);
  expect(problems({ ports: [tcp(80), tcp(81)] })).toEqual([`${notKnown} the port at which it answers requests`]);
});

test("takes a health at the port of the stack, at the only one of the file, or at the one of its labels", () => {
  const teamLabels = { "traefik.http.services.web.loadbalancer.server.port": "3000" };
  expect(problems({ exposed }, { port: 3000 })).toEqual([]);
  expect(problems({ ports: [tcp(80)] })).toEqual([]);
  expect(problems({ teamLabels })).toEqual([]);
});

test("rejects a health that nothing asks: of a shared service, and of a job", () => {
  const shared = "is never asked of a shared service, got '/ready'; remove it, and give the service a healthcheck in";
  const job =
    "services.web.health: is never asked of a job, got '/ready'; remove it: a job is healthy if it exits with 0";
  expect(problems({ ports: [tcp(80)] }, { release: false })).toEqual([
    `services.web.health: ${shared} the compose file`,
  ]);
  expect(problems({}, { job: true })).toEqual([job]);
  expect(problems({}, { job: true, release: false })).toEqual([job]);
});

test("asks nothing of services without a health", () => {
  expect(problems({}, { health: undefined })).toEqual([]);
});
