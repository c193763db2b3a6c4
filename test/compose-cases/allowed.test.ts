import { describe, expect, test } from "vitest";
import type { Json } from "../../model/json.ts";
import { allowed } from "./allowed.ts";
import { nothing, textOf, type Difference } from "./compare/difference.ts";
import { comparisonOfTrial, trial } from "./compare/trial.ts";

/** The entry that allows a difference of a service of the trial. */
function allowing(
  aspect: Difference["aspect"],
  service: string,
  field: string,
  [expected, found]: readonly [Json | undefined, Json | undefined],
  keys = trial.keys,
): string | undefined {
  const comparison = comparisonOfTrial({ ...trial, keys });
  const difference = { aspect, service, field, expected: textOf(expected), found: textOf(found) };
  const pair = comparison.pairs.find(({ name }) => name === service);
  return allowed.find(
    (entry) => entry.aspect === aspect && entry.field.test(field) && entry.allows(difference, comparison, pair),
  )?.what;
}

const proxyPort = "labels.traefik.http.services.api.loadbalancer.server.port, on the proxy";
const digest = `@sha256:${"0".repeat(64)}`;

describe("the closed list of differences", () => {
  test("has one entry for each thing, with a reason", () => {
    expect(new Set(allowed.map(({ what }) => what)).size).toBe(allowed.length);
    expect(allowed.filter(({ reason }) => reason.length < 40)).toEqual([]);
  });

  test.each<[service: string, field: string, expected: Json | undefined, found: Json | undefined, what: string]>([
    ["db", "image", "postgres:17", `postgres:17${digest}`, "the image by digest"],
    ["api", "image", undefined, `registry.test/api${digest}`, "the image by digest"],
    ["api", "build.context", ".", undefined, "no build"],
    ["db", "pull_policy", "always", "never", "pull_policy: never"],
    ["db", "logging.driver", undefined, "json-file", "log limits"],
    ["db", "logging.options.max-size", "50m", "10m", "log limits"],
    ["db", "restart", undefined, "unless-stopped", "the restart rules"],
    ["api", "restart", "always", "unless-stopped", "the restart rules"],
    ["db", "container_name", "the-db", "shop-db", "the container's own name"],
    ["api", "hostname", "web1", undefined, "hostname of a release service"],
    ["db", "profiles", ["tools"], undefined, "no profiles"],
    ["api", "develop.watch", [], undefined, "no develop and attach"],
    ["api", proxyPort, "8080", "9801", "the port in a label for a team's own Traefik"],
  ])("allows of %s: %s", (service, field, expected, found, what) => {
    expect(allowing("fields", service, field, [expected, found])).toBe(what);
  });

  test.each<[service: string, field: string, expected: Json | undefined, found: Json | undefined]>([
    ["db", "image", "postgres:17", "postgres:17"],
    ["db", "image", "postgres:17", `mysql:17${digest}`],
    ["db", "logging.driver", "syslog", "json-file"],
    ["db", "logging.options.tag", "x", undefined],
    ["db", "restart", "always", "unless-stopped"],
    ["db", "restart", "no", "unless-stopped"],
    ["db", "restart", "on-failure:3", "unless-stopped"],
    ["db", "hostname", "db1", undefined],
    ["db", "container_name", "the-db", "other-db"],
    ["db", "mem_limit", undefined, 1024],
    ["api", proxyPort, undefined, "9801"],
    ["api", proxyPort, "8080", undefined],
    ["db", "user", "1000", undefined],
    ["db", "cap_add", undefined, ["SYS_ADMIN"]],
    ["db", "privileged", undefined, true],
  ])("allows nothing else of %s: %s", (service, field, expected, found) => {
    expect(allowing("fields", service, field, [expected, found])).toBeUndefined();
  });

  test.each<[expected: Json | undefined, found: Json | undefined, allowed: boolean]>([
    [["any 80"], ["127.0.0.1 80"], true],
    [["any any"], ["127.0.0.1 8081"], true],
    [["any 8083-9000"], ["127.0.0.1 8090"], true],
    [["any 8083-9000"], ["127.0.0.1 9001"], false],
    [["10.0.0.1 80"], ["127.0.0.1 80"], false],
    [["127.0.0.1 80"], ["0.0.0.0 80"], false],
    [["any 80"], ["127.0.0.1 81"], false],
    [["any 80"], undefined, false],
    [[nothing], undefined, true],
    [undefined, ["127.0.0.1 80"], false],
  ])("of a port that is %j in the file, %j on the server is allowed: %s", (expected, found, isAllowed) => {
    expect(allowing("ports", "db", "80/tcp", [expected, found]) !== undefined).toBe(isAllowed);
  });

  test("allows a memory limit where the stack sets one, and a source where a data folder was moved", () => {
    const keys = { services: { db: { memory: "1g" } } };
    expect(allowing("fields", "db", "mem_limit", [undefined, 1024], keys)).toBe("a memory limit that the stack sets");
    expect(allowing("mounts", "db", "/data.source", ["data folder a", "data folder at /srv/a"])).toBe(
      "the place of a data folder",
    );
    expect(allowing("mounts", "db", "/data.source", ["data folder a", "/srv/a"])).toBeUndefined();
  });

  test("allows ENVIRONMENT of a migration alone, and a mount that the stack drops alone", () => {
    expect(allowing("environment", "db", "ENVIRONMENT", [undefined, "production"])).toBeUndefined();
    const source = ["content", undefined] as const;
    expect(allowing("mounts", "api", "/app.source", source)).toBeUndefined();
    const keys = { services: { api: { release: true, drop: ["/app"] } } };
    expect(allowing("mounts", "api", "/app.source", source, keys)).toBe("a mount that the stack drops");
    expect(allowing("mounts", "api", "/apps.source", source, keys)).toBeUndefined();
  });
});
