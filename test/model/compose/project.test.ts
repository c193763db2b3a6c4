import { describe, expect, it } from "vitest";
import { read, readService } from "./trial.ts";

describe("include", () => {
  it("adds another file's services, with paths from that file's folder", () => {
    const compose = "include:\n  - infra/monitoring.yaml\nservices:\n  api: { depends_on: [prometheus] }\n";
    const monitoring = `
services:
  prometheus:
    image: prom:\${PROM:-1}
    env_file: ../.env
    volumes: [./prometheus.yml:/etc/p.yml:ro, data:/data]
volumes:
  data:
`;
    const files = { "infra/monitoring.yaml": monitoring, "infra/prometheus.yml": "x" };
    const prometheus = readService("prometheus", compose, { files });
    expect(prometheus.image).toBe("prom:1");
    expect(prometheus.envFiles.map(({ from, path }) => `${from} ${path}`)).toEqual(["stack .env"]);
    expect(prometheus.mounts).toMatchObject([{ source: "infra/prometheus.yml" }, { source: "data" }]);
    expect(readService("api", compose, { files }).dependsOn).toHaveProperty("prometheus");
  });

  it("takes the folder of project_directory as the base of relative paths", () => {
    const compose = "include:\n  - path: infra/m.yaml\n    project_directory: .\nservices: {}\n";
    const files = { "infra/m.yaml": "services: { p: { volumes: ['./p.yml:/p.yml'] } }\n", "p.yml": "x" };
    expect(readService("p", compose, { files }).mounts).toMatchObject([{ source: "p.yml" }]);
  });

  it.each([
    [
      "a missing file",
      "include: [x.yaml]\n",
      "compose.yaml:1:11: there is no file 'x.yaml'; correct the path, or add the file",
    ],
    [
      "a remote file",
      "include: ['https://example.com/x.yaml']\n",
      "compose.yaml:1:11: a remote compose file cannot be deployed, got 'https://example.com/x.yaml'; " +
        "copy it into the repository",
    ],
    ["itself", "include: [compose.yaml]\n", "compose.yaml:1:11: 'compose.yaml' includes itself; break the circle"],
    [
      "a broken file, with its own place",
      "include: [b.yaml]\n",
      "b.yaml:2:3: services.a has the wrong type; write a map",
    ],
  ])("rejects %s", (_, compose, problem) => {
    const files = { "b.yaml": "services:\n  a:\n" };
    expect(read(compose, { files }).problems).toEqual([problem]);
  });
});

describe("extends", () => {
  it("merges a service into another one as Compose does", () => {
    const compose = `
services:
  base:
    image: base:1
    command: [a, b]
    environment: { A: 1, B: 2 }
    ports: ["80:80"]
    volumes: [one:/data, two:/two]
    healthcheck: { test: [CMD, a], interval: 5s }
    cap_add: [NET_ADMIN]
    devices: ["/dev/null:/dev/x", "/dev/one"]
    extra_hosts: ["h:1.2.3.4", "h:1.2.3.5"]
    depends_on: [db]
    profiles: [never]
  api:
    extends: { service: base }
    profiles: [now]
    command: [c]
    environment: ["B=3", "C=4"]
    ports: ["81:81", "80:80"]
    volumes: [other:/data]
    healthcheck: { test: [CMD, b] }
    cap_add: [SYS_TIME, NET_ADMIN]
    devices: ["/dev/zero:/dev/x"]
    extra_hosts: { i: 5.6.7.8 }
  db: {}
volumes: { one: , two: , other: }
`;
    const api = readService("api", compose, { services: { api: {} } });
    expect(api).toMatchObject({
      image: "base:1",
      ports: [{ target: { first: 80 } }, { target: { first: 81 } }],
      mounts: [
        { source: "other", target: "/data" },
        { source: "two", target: "/two" },
      ],
      dependsOn: { db: { condition: "service_started" } },
      fields: {
        command: ["c"],
        environment: { A: 1, B: "3", C: "4" },
        healthcheck: { test: ["CMD", "b"], interval: "5s" },
        cap_add: ["NET_ADMIN", "SYS_TIME"],
        devices: ["/dev/zero:/dev/x", "/dev/one"],
        extra_hosts: ["h:1.2.3.4", "h:1.2.3.5", "i=5.6.7.8"],
      },
    });
  });

  it("follows several steps into another file, with paths from that file's folder", () => {
    const compose = "services:\n  api: { extends: { file: common/app.yaml, service: api }, image: own }\n";
    const files = {
      "common/app.yaml":
        "services:\n  api: { extends: base, volumes: ['./a.yml:/a.yml'] }\n  base: { restart: always }\n",
      "common/a.yml": "x",
    };
    const api = readService("api", compose, { files });
    expect(api).toMatchObject({ image: "own", restart: "always", mounts: [{ source: "common/a.yml" }] });
  });

  it("reports a problem at the place of the field in its own file", () => {
    const compose = "services:\n  api:\n    extends: { file: base.yaml, service: api }\n    external_links: [x]\n";
    const { problems } = read(compose, { files: { "base.yaml": "services:\n  api:\n    ipc: container:x\n" } });
    expect(problems).toEqual([
      "compose.yaml:4:5: service 'api' has external_links, which cannot be deployed; remove it; " +
        "run that container as a service",
      "base.yaml:3:5: service 'api' has ipc, which cannot be deployed; remove it; " +
        "containers of two projects cannot share memory",
    ]);
  });

  it.each([
    [
      "a missing service",
      "services:\n  api:\n    extends: bas\n  base: {}\n",
      "compose.yaml:3:5: there is no service 'bas' in compose.yaml; did you mean 'base'",
    ],
    [
      "a missing service where there is no other one",
      "services:\n  api:\n    extends: apii\n",
      "compose.yaml:3:5: there is no service 'apii' in compose.yaml; remove it",
    ],
    [
      "a missing file",
      "services:\n  api:\n    extends: { file: x.yaml, service: base }\n",
      "compose.yaml:3:5: there is no file 'x.yaml'; correct the path, or add the file",
    ],
    [
      "itself",
      "services:\n  api:\n    extends: api\n",
      "compose.yaml:3:5: service 'api' extends itself; break the circle",
    ],
  ])("rejects %s", (_, compose, problem) => {
    expect(read(compose).problems).toEqual([problem]);
  });
});

describe("a project", () => {
  it("rejects a missing compose file", () => {
    expect(read("x: y", { files: { "compose.yaml": { untracked: "" } } }).problems).toEqual([
      "compose: there is no file 'compose.yaml'; correct the path, or add the file",
    ]);
  });
});
