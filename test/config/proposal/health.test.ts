import { expect, test } from "vitest";
import { healthRequestOf } from "../../../config/proposal/health.ts";
import type { Json } from "../../../model/json.ts";

const requestOf = (test: Json, more = {}) => healthRequestOf({ fields: { healthcheck: { test, ...more } } });

test.each<[Json, number, string]>([
  [["CMD", "curl", "-f", "http://localhost:8080/health"], 8080, "/health"],
  ["wget -qO- http://127.0.0.1:3000/ready?full=1 || exit 1", 3000, "/ready?full=1"],
  [["CMD-SHELL", "curl 'http://0.0.0.0/'"], 80, "/"],
  ["curl http://[::1]:81", 81, "/"],
])("the health check %j asks port %i for %s", (written, port, path) => {
  expect(requestOf(written)).toEqual({ port, path });
});

test.each<[string, Json]>([
  ["a command", ["CMD", "pg_isready"]],
  ["another service", "curl http://db:8080/health"],
  ["HTTPS", "curl https://localhost:8443/health"],
  ["a path with a variable", "curl http://localhost:8080/${NAME}"],
  ["a path that the proxy would run as a template", "curl http://localhost:8080/{{x}}"],
])("%s is no request to the service itself that can be repeated", (_what, written) => {
  expect(requestOf(written)).toBeUndefined();
});

test("a health check that is switched off asks for nothing, and so does a service without one", () => {
  expect(requestOf("curl http://localhost/", { disable: true })).toBeUndefined();
  expect(healthRequestOf({ fields: {} })).toBeUndefined();
});
