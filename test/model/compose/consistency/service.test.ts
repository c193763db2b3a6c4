import { describe, expect, it } from "vitest";
import { composeOf, read } from "../trial.ts";

const resources = (section: string, lines: string): string => `deploy: { resources: { ${section}: { ${lines} } } }`;

/** Lines of a service, the column of the message, and its text. */
const refusals: readonly [lines: string, place: string, problem: string][] = [
  ["networks: [a]\nnetwork_mode: none", "4:5", "has both networks and network_mode; keep the one that is meant"],
  [
    "networks: { backend: }",
    "3:17",
    "has the network 'backend', which is not defined; " +
      "add it below the file's top-level networks, or name in `compose` the file that has it",
  ],
  ["networks: [frnt]", "3:5", "has the network 'frnt', which is not defined; did you mean 'front'"],
  [
    "healthcheck: { test: [curl, x] }",
    "3:20",
    "has a healthcheck.test that begins with 'curl'; begin it with CMD, CMD-SHELL or NONE",
  ],
  [
    "volumes: [data:/a]\ntmpfs: [/b, '/a:size=1m']",
    "4:17",
    "mounts two things at /a; keep the one that is meant; what a tmpfs holds is lost with its container",
  ],
  [
    "tmpfs: [/b, '/b:size=1m']",
    "3:17",
    "mounts two things at /b; keep the one that is meant; what a tmpfs holds is lost with its container",
  ],
  [
    "gpus: [{ count: 1, device_ids: ['0'] }]",
    "3:12",
    "asks for devices by count and by device_ids; keep the one that is meant",
  ],
  [
    "memswap_limit: '-1'",
    "3:5",
    "has no size as memswap_limit, got '-1'; write a number with a unit, such as 512m, or -1 without quotes",
  ],
  ["develop: { watch: [{ action: sync, path: . }] }", "3:24", "has a develop.watch without target; add target"],
  ["scale: 2\ndeploy: { replicas: 3 }", "3:5", "has scale 2 and deploy.replicas 3; keep the one that is meant"],
  ["scale: -1", "3:5", "cannot run -1 times; write 0 or more"],
  [
    "container_name: one\ndeploy: { replicas: 2 }",
    "3:5",
    "has container_name and runs 2 times, but a name is for one container; remove container_name, or run it once",
  ],
  [
    `mem_limit: 1g\n${resources("limits", "memory: 512m")}`,
    "3:5",
    "has other values in mem_limit and in deploy.resources.limits.memory, got '1g' and '512m'; " +
      "write the one that is meant as deploy.resources.limits.memory, and remove mem_limit",
  ],
  [
    `mem_reservation: \${SIZE:-1g}\n${resources("reservations", "cpus: '1'")}`,
    "3:5",
    "has other values in mem_reservation and in deploy.resources.reservations.memory, got '1g' and 'none'; " +
      "write the one that is meant as deploy.resources.reservations.memory, and remove mem_reservation",
  ],
  [
    `cpus: 1\n${resources("limits", "cpus: '0.5'")}`,
    "3:5",
    "has other values in cpus and in deploy.resources.limits.cpus, got '1' and '0.5'; " +
      "write the one that is meant as deploy.resources.limits.cpus, and remove cpus",
  ],
  [
    `pids_limit: 5\n${resources("limits", "pids: 6")}`,
    "3:5",
    "has other values in pids_limit and in deploy.resources.limits.pids, got '5' and '6'; " +
      "write the one that is meant as deploy.resources.limits.pids, and remove pids_limit",
  ],
];

const top = "networks: { a: , front: }\nvolumes: { data: }";

describe("what Compose refuses before it runs anything", () => {
  it.each(refusals)("is rejected at the plan: %s", (lines, place, problem) => {
    const told = read(composeOf(lines, top)).problems.filter((line) => !line.includes("network_mode, which"));
    expect(told).toEqual([`compose.yaml:${place}: service 'api' ${problem}`]);
  });

  it.each([
    `mem_limit: 1g\n${resources("limits", "memory: 1024m, cpus: '1'")}\nmem_reservation: 512m`,
    `mem_limit: 1g\n${resources("reservations", "memory: 1m")}`,
    `cpus: 0.50\n${resources("limits", "cpus: '0.5'")}`,
    `cpus: 0\n${resources("limits", "cpus: '0.5'")}`,
    `memswap_limit: -1\ngpus: [{ count: all }]\ndevelop: { watch: [{ action: restart, path: . }] }`,
    `mem_limit: 1g\n${resources("limits", "memory: '${SECRET}'")}`,
    "scale: 1\ncontainer_name: one\ndeploy: { replicas: 1 }",
    "networks: [default]",
    "healthcheck: { test: NONE }",
    `command: sh -c "echo 'it'\\"s" \\'`,
    "volumes: [data:/a]\ntmpfs: [/b]",
    "develop: { watch: [{ action: rebuild, path: . }] }",
  ])("is not %s", (lines) => {
    expect(read(composeOf(lines, top), { secrets: ["SECRET"] }).problems).toEqual([]);
  });

  it("includes a service without image and build, but not one that is not deployed", () => {
    const compose = "services:\n  api: { environment: { A: 1 } }\n  job: { profiles: [once] }\n";
    expect(read(compose, { complete: true }).problems).toEqual([
      "compose.yaml:2:3: service 'api' has neither image nor build; " +
        "add image or build, or name in `compose` the file that has it as well",
    ]);
    const more = "services: { api: { image: x } }\n";
    expect(read(compose, { complete: true, more: ["more.yaml"], files: { "more.yaml": more } }).problems).toEqual([]);
  });
});

describe("services that wait for one another", () => {
  it("are rejected where they go in a circle", () => {
    const compose = `services:
  a: { depends_on: [b] }
  b: { links: ["c:c"] }
  c:
    depends_on:
      a: { condition: service_healthy }
      d: { condition: service_started }
  d: { depends_on: [d] }
`;
    expect(read(compose).problems).toEqual([
      "compose.yaml:6:7: service 'c' waits for itself, got a → b → c → a; break the circle",
      "compose.yaml:8:8: service 'd' waits for itself, got d → d; break the circle",
    ]);
  });

  it.each(["network_mode", "ipc", "pid", "uts"])("are those in whose %s they are", (field) => {
    const compose = `services:\n  a: { ${field}: "service:b" }\n  b: { depends_on: [a] }\n`;
    const told = "service 'b' waits for itself, got a → b → a; break the circle";
    expect(read(compose).problems).toContainEqual(expect.stringContaining(told));
  });

  it("may wait for the same service, and for services that are not deployed", () => {
    const compose = `services:
  a: { depends_on: [b, c] }
  b: { depends_on: [c] }
  c: { depends_on: { job: { condition: service_started, required: false } } }
  job: { profiles: [once], depends_on: [a] }
`;
    expect(read(compose).problems).toEqual([]);
  });
});

describe("definitions that Compose refuses", () => {
  it.each([
    ["secrets", "{}", "secrets.x has no content; add file or environment"],
    ["secrets", "{ file: a, environment: B }", "secrets.x has file and environment; keep the one that is meant"],
    ["configs", "{ labels: { a: b } }", "configs.x has no content; add file or environment or content"],
    ["configs", "{ file: a, content: b }", "configs.x has file and content; keep the one that is meant"],
    [
      "volumes",
      "{ external: true, driver: local, labels: { a: b } }",
      "volumes.x is external and has driver and labels, which only its maker can set; " +
        "remove driver and labels, and leave it external",
    ],
  ])("are rejected at the plan: %s %s", (kind, value, problem) => {
    const { problems } = read(`services: { api: {} }\n${kind}:\n  x: ${value}\n`);
    expect(problems).toEqual([`compose.yaml:3:3: ${problem}`]);
  });

  it("are none that are external by name alone", () => {
    const { problems } = read(
      "services: { api: {} }\nvolumes: { x: { external: true, name: y } }\nsecrets: { s: { external: true } }\n",
    );
    expect(problems).toEqual([]);
    expect(read("services: { api: {} }\nsecrets: { s: { driver: vault } }\n").problems).toEqual([]);
  });

  it("include a volume that is external by a variable", () => {
    const compose = "services: { api: {} }\nvolumes: { x: { external: '${THEIRS}', driver: local } }\n";
    const of = (value: string): number => read(compose, { variables: { THEIRS: value } }).problems.length;
    expect([of("true"), of("false")]).toEqual([1, 0]);
  });
});
