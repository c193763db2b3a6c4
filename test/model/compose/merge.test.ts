import { describe, expect, it } from "vitest";
import { read, readService, type Trial } from "./trial.ts";

/** Two files, the second one merged over the first. */
function merged(first: string, second: string, trial: Trial = {}) {
  const files = { ...trial.files, "over.yaml": second };
  return readService("api", first, { ...trial, files, more: ["over.yaml"], services: { api: {} } });
}

describe("a compose file over another one", () => {
  it("is merged field by field, as Compose does it", () => {
    const first = `
services:
  api:
    image: a
    command: [a]
    entrypoint: [e]
    environment: { A: 1, B: 2 }
    security_opt: [a]
    group_add: [x]
    expose: [80]
    dns: 1.1.1.1
    tmpfs: /a
    sysctls: [a=1]
    ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 3 }
    healthcheck: { test: [CMD, a], interval: 5s }
    extra_hosts: { h: 1.2.3.4 }
    deploy: { labels: [a=1], resources: { limits: { cpus: "1" } } }
    blkio_config: { device_read_bps: [{ path: /dev/sdb, rate: 1mb }] }
    ports: ["80:80", { target: 81, published: "81" }]
    volumes: [one:/data, two:/two]
    depends_on: [db]
    labels: { keep: "" }
  db: { image: d }
volumes: { one: , two: , other: }
`;
    const second = `
services:
  db:
  api:
    command:
    environment: ["B=3", C]
    security_opt: [b, a]
    group_add: [y]
    expose: ["80", 81]
    dns: [2.2.2.2]
    tmpfs: [/b]
    sysctls: { a: 2, b: 3 }
    ulimits: { nofile: 5 }
    healthcheck: { test: curl, retries: 3 }
    extra_hosts: ["h:1.2.3.5"]
    deploy: { labels: { a: 2 }, resources: { limits: { memory: 1g } } }
    blkio_config: { device_read_bps: [{ path: /dev/sdb, rate: 2mb }] }
    ports: ["127.0.0.1:80:80", "81:81", "82:82"]
    volumes: [other:/data]
    depends_on: { db: { required: false } }
    labels:
`;
    const api = merged(first, second, { variables: { C: "c" } });
    expect(api).toMatchObject({
      image: "a",
      ports: [
        { target: { first: 80 } },
        { target: { first: 81 } },
        { target: { first: 80 } },
        { target: { first: 82 } },
      ],
      mounts: [{ source: "other" }, { source: "two" }],
      dependsOn: { db: { condition: "service_started", required: false } },
    });
    expect(api.fields).toEqual({
      command: null,
      entrypoint: ["e"],
      environment: { A: 1, B: "3", C: null },
      security_opt: ["a", "b"],
      group_add: ["x", "y"],
      expose: ["80", 81],
      dns: ["1.1.1.1", "2.2.2.2"],
      tmpfs: ["/a", "/b"],
      sysctls: { a: 2, b: 3 },
      ulimits: { nofile: 5, nproc: 3 },
      healthcheck: { test: "curl", interval: "5s", retries: 3 },
      extra_hosts: ["h=1.2.3.4", "h:1.2.3.5"],
      deploy: { labels: { a: 2 }, resources: { limits: { cpus: "1", memory: "1g" } } },
      blkio_config: {
        device_read_bps: [
          { path: "/dev/sdb", rate: "1mb" },
          { path: "/dev/sdb", rate: "2mb" },
        ],
      },
      labels: { keep: "" },
    });
  });

  it("replaces secrets and configs by their target", () => {
    const top = "secrets: { s: { environment: S }, o: { environment: S } }\n";
    const { mounts } = merged(
      `services: { api: { secrets: [s, { source: s, target: t }] } }\n${top}`,
      "services: { api: { secrets: [{ source: o, target: /run/secrets/s }, { source: o, target: t }] } }\n",
      { secrets: ["S"] },
    );
    expect(mounts).toMatchObject([
      { name: "o", target: "/run/secrets/s" },
      { name: "o", target: "/run/secrets/t" },
    ]);
  });

  it("takes out what it marks with !reset, and replaces what it marks with !override (M8)", () => {
    const first = `
services:
  api:
    command: [a]
    environment: [A=1, B=2]
    ports: ["80:80"]
    volumes: [v:/v]
    labels: { a: 1 }
    healthcheck: { test: [CMD, a] }
  gone: { image: x }
volumes: { v: , w: }
`;
    const second = `
services:
  api:
    environment: { A: !reset null, C: 3 }
    ports: !override ["81:81"]
    volumes: !override [w:/w]
    labels: !override { b: 2 }
    healthcheck: !reset {}
  gone: !reset null
`;
    const { application } = read(first, { more: ["over.yaml"], files: { "over.yaml": second } });
    expect(Object.keys(application?.services ?? {})).toEqual(["api"]);
    expect(merged(first, second)).toMatchObject({ ports: [{ target: { first: 81 } }], mounts: [{ source: "w" }] });
    expect(merged(first, second).fields).toEqual({
      command: ["a"],
      environment: { B: "2", C: 3 },
      labels: { b: 2 },
    });
  });

  it("takes out of the services that it extends, too", () => {
    const files = {
      "base/c.yml": "services: { base: { image: b, ports: ['80:80'], environment: { A: 1 }, labels: { a: 1 } } }\n",
    };
    const api = readService(
      "api",
      "services:\n  api:\n    extends: { file: base/c.yml, service: base }\n" +
        "    ports: !reset []\n    environment: !override { ONLY: 1 }\n",
      { files },
    );
    expect(api).toMatchObject({ ports: [], fields: { environment: { ONLY: 1 }, labels: { a: 1 } } });
    expect(api.fields["environment"]).toEqual({ ONLY: 1 });
  });

  it("has the paths of all files from the folder of the first one", () => {
    const over = "services: { api: { volumes: ['./c.yml:/c.yml'], extends: { file: b/base.yml, service: base } } }\n";
    const files = {
      "b/over.yml": over,
      "c.yml": "c",
      "b/base.yml": "services: { base: { image: b, volumes: ['./d.yml:/d.yml'] } }\n",
      "b/d.yml": "d",
    };
    const api = readService("api", "services: { api: {} }\n", { files, more: ["b/over.yml"] });
    expect(api).toMatchObject({ image: "b", mounts: [{ source: "b/d.yml" }, { source: "c.yml" }] });
  });

  it.each([
    ["one end of a limit", "ulimits: { nofile: { soft: 2 } }", "ulimits.nofile.hard"],
    ["an item of a list without what it needs", "devices: [{ target: /dev/x }]", "devices.0.source"],
    ["a hook without a command", "post_start: [{ user: root }]", "post_start.0.command"],
  ])("is rejected with %s, which is merged with none", (_, field, missing) => {
    const first = "services: { api: { ulimits: { nofile: { soft: 1, hard: 2 } }, devices: [/dev/y] } }\n";
    const files = { "over.yaml": `services: { api: { ${field} } }\n` };
    const { problems } = read(first, { files, more: ["over.yaml"] });
    expect(problems.map((line) => line.replace(/^over\.yaml:1:\d+: /, ""))).toEqual([
      `services.api.${missing} is missing; add it`,
    ]);
  });

  it("may lack what the file below it has", () => {
    const first = "services: { api: { depends_on: { db: { condition: service_healthy } } }, db: {} }\n";
    const files = { "over.yaml": "services: { api: { depends_on: { db: { required: false } } } }\n" };
    expect(readService("api", first, { files, more: ["over.yaml"] }).dependsOn).toEqual({
      db: { condition: "service_healthy", required: false },
    });
  });

  it("leaves the place of each item in its own file", () => {
    const first = "services:\n  api:\n    security_opt:\n      - ${A}\n    environment:\n      B: ${B}\n      C: x\n";
    const second = "services:\n  api:\n    security_opt:\n      - ${C}\n    environment:\n      - C=${D}\n";
    const { problems } = read(first, { more: ["over.yaml"], files: { "over.yaml": second } });
    expect(problems.map((line) => line.split(", which")[0])).toEqual([
      "compose.yaml:4:9: security_opt.0 needs the variable A",
      "over.yaml:4:9: security_opt.1 needs the variable C",
      "compose.yaml:6:7: environment.B needs the variable B",
      "over.yaml:6:9: environment.C needs the variable D",
    ]);
  });
});

describe("names in lists", () => {
  it("may have variables, as under Compose", () => {
    const lines = `
services:
  api:
    labels:
      - traefik.http.routers.\${STACK_NAME?Variable not set}-http.rule=Host(\`\${DOMAIN}\`)
      - "\${KEY:-a=b}=c"
      - "a.$$b=\${TOKEN}"
      - just
    deploy: { labels: ["\${STACK_NAME}.x=1"] }
    environment: ["\${V:-A}=1", "B=\${C:-x=y}"]
`;
    const trial = { variables: { STACK_NAME: "shop", DOMAIN: "d" }, secrets: ["TOKEN"] };
    const { fields, variables } = readService("api", lines, trial);
    expect(fields).toEqual({
      labels: { "traefik.http.routers.shop-http.rule": "Host(`${DOMAIN}`)", a: "b=c", "a.$b": "${TOKEN}", just: null },
      deploy: { labels: { "shop.x": "1" } },
      environment: { A: "1", B: "${C:-x=y}" },
    });
    expect(variables).toEqual(["C", "DOMAIN", "TOKEN"]);
  });

  it("ask for their variables, and may not be secret", () => {
    const lines =
      "services:\n  api:\n    labels:\n      - a.${NAME?say it}=1\n      - b.${TOKEN}=1\n" +
      "      - c.${NAME?say it}=1\n";
    expect(read(lines, { secrets: ["TOKEN"] }).problems).toEqual([
      "compose.yaml:4:9: labels needs the variable NAME, which is not set (say it), got 'a.${NAME?say it}'; " +
        "set variables.NAME, or write a default such as ${NAME:-…}",
      "compose.yaml:5:9: labels uses a variable that is secret, got 'b.${TOKEN}'; " +
        "use a variable that is not secret; if this one is not, move it to `variables`",
    ]);
  });
});
