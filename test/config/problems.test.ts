import { expect, test } from "vitest";
import { problemsOf } from "../../config/problems.ts";
import { environmentSchema } from "../../config/schema.ts";
import { describeProblem } from "../../model/problem.ts";
import { rightStack } from "./trial-repository.ts";

const { host, services } = rightStack;

test.each<[string, object, string]>([
  ["a misspelt key", { prots: {} }, "prots: is not a key that slipway knows; did you mean 'ports'"],
  [
    "a misspelt key of a server",
    { host: { ...host, adress: "x" } },
    "host.adress: is not a key that slipway knows; did you mean 'address'",
  ],
  [
    "a misspelt key of a service",
    { services: { api: { ...services.api, helth: "/" } } },
    "services.api.helth: is not a key that slipway knows; did you mean 'health'",
  ],
  [
    "a misspelt rule in a waiver",
    { policy: { waivers: { api: { sockets: "x" } } } },
    "policy.waivers.api.sockets: is not a key that slipway knows; did you mean 'socket'",
  ],
  [
    "a key of a service that is near no other",
    { services: { api: { replicas: 2 } } },
    "services.api.replicas: is not a key that slipway knows; " +
      "use one of release, port, health, data, memory, boot, start, job, openSecrets, drop",
  ],
  [
    "a key that is near no other, among too many to list",
    { frobnicate: {} },
    "frobnicate: is not a key that slipway knows; remove it or correct its spelling",
  ],
])("rejects %s", (_, change, message) => {
  const input = { ...rightStack, ...change };
  const { error } = environmentSchema.safeParse(input);
  expect(error && problemsOf(error, input, environmentSchema).map(describeProblem)).toEqual([message]);
});
