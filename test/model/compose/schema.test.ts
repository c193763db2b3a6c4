import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { composeSpecification } from "../../../config/schema/compose-specification.ts";
import { schemaProblems } from "../../../model/compose/schema.ts";
import { parseCompose } from "../../../model/compose/text.ts";
import { describeProblem } from "../../../model/problem.ts";

function problems(yaml: string): string[] {
  const text = parseCompose("compose.yaml", yaml);
  return ("content" in text ? schemaProblems(text, composeSpecification()) : text).map(describeProblem);
}

describe("the Compose specification", () => {
  it.each([
    [
      "an unknown key",
      "services:\n  api:\n    enviroment: {}\n",
      ["compose.yaml:3:5: services.api.enviroment is not a key that Compose knows; did you mean 'environment'"],
    ],
    [
      "an unknown key at the top",
      "service: {}\n",
      ["compose.yaml:1:1: service is not a key that Compose knows; did you mean 'services'"],
    ],
    [
      "an unknown key that resembles no other",
      "services:\n  api:\n    qqqqqq: 1\n",
      ["compose.yaml:3:5: services.api.qqqqqq is not a key that Compose knows; remove it or correct its spelling"],
    ],
    [
      "a wrong type",
      "services:\n  api:\n    image: [x]\n",
      ["compose.yaml:3:5: services.api.image has the wrong type; write a string"],
    ],
    [
      "a wrong type for a field with several types",
      "services:\n  api:\n    environment: 5\n",
      ["compose.yaml:3:5: services.api.environment has the wrong type; write a map or list"],
    ],
    [
      "a wrong type inside of one of several forms",
      "services:\n  api:\n    ports:\n      - target: [80]\n",
      ["compose.yaml:4:9: services.api.ports.0.target has the wrong type; write a number or string"],
    ],
    [
      "a missing key",
      "services:\n  api:\n    depends_on:\n      db: {}\n",
      ["compose.yaml:4:7: services.api.depends_on.db.condition is missing; add it"],
    ],
    [
      "a word that is not allowed there",
      "services:\n  api:\n    depends_on:\n      db: { condition: healthy }\n",
      [
        "compose.yaml:4:13: services.api.depends_on.db.condition is not known; " +
          "use service_started or service_healthy or service_completed_successfully",
      ],
    ],
    [
      "a service without a body",
      "services:\n  api:\n",
      ["compose.yaml:2:3: services.api has the wrong type; write a map"],
    ],
    [
      "an invalid name of a service",
      "services:\n  a b: {}\n",
      ["compose.yaml:2:3: services has a name that Compose does not take, got 'a b'; use letters, digits and '_.-'"],
    ],
    [
      "a part of a limit that is not there, also where several forms are allowed",
      "services:\n  api:\n    ulimits: { nofile: { soft: 5 } }\n",
      ["compose.yaml:3:16: services.api.ulimits.nofile.hard is missing; add it"],
    ],
    [
      "two mistakes at once",
      "services:\n  api: { image: 5 }\n  web: { imgae: x }\n",
      [
        "compose.yaml:2:10: services.api.image has the wrong type; write a string",
        "compose.yaml:3:10: services.web.imgae is not a key that Compose knows; did you mean 'image'",
      ],
    ],
    [
      "a mistake behind a merge key, at its own place",
      "x-a: &a\n  image: 5\nservices:\n  api:\n    <<: *a\n",
      ["compose.yaml:2:3: services.api.image has the wrong type; write a string"],
    ],
  ])("rejects %s", (_, yaml, expected) => {
    expect(problems(yaml)).toEqual(expected);
  });

  it.each(["cap_add", "dns", "environment", "expose", "labels", "ports", "profiles", "tmpfs", "volumes"])(
    "takes an item of %s that is repeated, as Compose does (M13)",
    (field) => {
      expect(problems(stringify({ services: { api: { [field]: ["1:/1", "1:/1"] } } }))).toEqual([]);
    },
  );

  const folder = dirname(createRequire(import.meta.url).resolve("dclint/package.json"));
  const schema = JSON.parse(readFileSync(join(folder, "schemas", "compose.schema.json"), "utf8")) as object;
  const allowed = new Ajv({ strict: false }).compile({ ...schema, $schema: "http://json-schema.org/draft-07/schema#" });

  it.each([
    {},
    { "x-own": 1, services: { api: { image: "x", "x-own": [1] } } },
    { services: { api: { security_opt: ["a", "a"] } } },
    { services: { api: { group_add: [1, 1] } } },
    { services: { api: { extra_hosts: ["a:1.1.1.1", "a:1.1.1.1"] } } },
    { services: { api: { ports: [80, "81:81/udp", { target: 82, published: "83" }] } } },
    { services: { api: { ports: [{ targt: 82 }] } } },
    { services: { api: { environment: { A: 1, B: null, C: true, D: "x" } } } },
    { services: { api: { environment: { A: {} } } } },
    { services: { api: { environment: ["A=1", 5] } } },
    { services: { api: { volumes: ["a:/a", { type: "bind", source: ".", target: "/b" }] } } },
    { services: { api: { volumes: [{ source: ".", target: "/b" }] } } },
    { services: { api: { volumes: [{ type: "bond", source: ".", target: "/b" }] } } },
    { services: { api: { build: "." } } },
    { services: { api: { build: { context: ".", target: "x", args: ["A=1"] } } } },
    { services: { api: { build: { contxt: "." } } } },
    { services: { api: { depends_on: ["a", "b"] } } },
    { services: { api: { depends_on: { a: { condition: "service_healthy", required: false } } } } },
    { services: { api: { healthcheck: { test: ["CMD", "x"], interval: "1s", retries: 3 } } } },
    { services: { api: { healthcheck: { interval: 1 } } } },
    { services: { api: { command: null, entrypoint: "x" } } },
    { services: { api: { env_file: ".env" } } },
    { services: { api: { env_file: [{ path: ".env", required: false }] } } },
    { services: { api: { env_file: [{ required: false }] } } },
    { services: { api: { extends: { service: "b", file: "x.yaml" } } } },
    { services: { api: { extends: { file: "x.yaml" } } } },
    { services: { api: { deploy: { replicas: 2, resources: { limits: { cpus: 1, memory: "1g" } } } } } },
    { services: { api: { ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 5 } } } },
    { services: { api: { develop: { watch: [{ action: "sync", path: "x", target: "/x" }] } } } },
    { services: { api: { develop: { watch: [{ action: "copy", path: "x" }] } } } },
    { services: { api: { secrets: ["a", { source: "b", mode: 292 }] } } },
    { services: { api: { networks: { default: { aliases: ["x"] }, other: null } } } },
    { services: { api: { gpus: "all" } } },
    { services: [] },
    { include: ["a.yaml", { path: ["b.yaml", "c.yaml"], project_directory: "." }] },
    { include: "a.yaml" },
    { volumes: { a: null, b: { external: true }, c: { driver_opts: { o: "bind", n: 5 } } } },
    { volumes: { a: { extrenal: true } } },
    { networks: { a: { ipam: { config: [{ subnet: "10.0.0.0/8" }] } } } },
    { secrets: { a: { file: "x" } }, configs: { b: { content: "x" } } },
    { name: "x", version: "3" },
    { name: 5 },
  ])("gives the same verdict as ajv: $services $volumes $include", (content) => {
    expect(problems(stringify(content)).length === 0).toBe(allowed(content));
  });
});
