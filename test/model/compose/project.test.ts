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
    expect(prometheus.wholeEnvironment).toBe(true);
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

describe("include of files with variables of their own", () => {
  const shop = `
services:
  shop:
    image: "shop:\${TAG:-none}"
    environment: ["A=\${TAG}", "\${TAG}=1", TAG, "B=\${TOKEN:-\${TAG}}", "C=\${OWN:-none}"]
    ports: ["\${SHOP_PORT}:80"]
    volumes: ["./\${TAG}.yml:/c.yml"]
    labels: { price: "5\$\$" }
`;
  const files = { "shop/c.yaml": shop, "shop/t$1.yml": "x" };

  it.each([
    ["its env_file", "{ path: shop/c.yaml, env_file: [/dev/null, shop/a.env] }", "shop/a.env"],
    ["the .env beside it", "shop/c.yaml", "shop/.env"],
  ])("fills them in from %s", (_, include, env) => {
    const compose = `include: [${include}]\nservices: { own: { image: "own:\${TAG:-none}" } }\n`;
    const trial = {
      files: { ...files, [env]: "TAG='t$1'\nSHOP_PORT=81\nOWN=other\n" },
      variables: { OWN: "stack", SHOP_PORT: "82" },
      secrets: ["TOKEN"],
    };
    const service = readService("shop", compose, trial);
    expect(service).toMatchObject({
      image: "shop:t$1",
      ports: [{ target: 80, variable: "SHOP_PORT" }],
      mounts: [{ source: "shop/t$1.yml" }],
      variables: ["OWN", "TOKEN"],
      fields: {
        environment: { A: "t$$1", t$1: "1", TAG: "t$$1", B: "${TOKEN:-t$$1}", C: "${OWN:-none}" },
        labels: { price: "5$$" },
      },
    });
    expect(readService("own", compose, trial).image).toBe("own:none");
  });

  it("notes a .env beside it that git does not track", () => {
    const trial = {
      files: { ...files, "shop/.env": { untracked: "TAG=x" } },
      variables: { TAG: "t$1", SHOP_PORT: "1" },
    };
    expect(read("include: [shop/c.yaml]\n", trial).notes).toContain(
      "shop/.env is not read, since git does not track it; the stack sets variables",
    );
  });

  it.each([
    ["a missing env_file", {}, "there is no env_file 'a.env'; correct the path, or add the file"],
    [
      "an env_file that git does not track",
      { "a.env": { untracked: "A=1" } },
      "the env_file 'a.env' is not tracked by git; commit it without secrets, which belong into the stack's `secrets`",
    ],
    [
      "an env_file that is none",
      { "a.env": "A=1\nB='x\n" },
      "a.env:2 is no line of an env file; write NAME=value, and quotes that are closed",
    ],
  ])("rejects %s", (_, more, problem) => {
    const compose = "include: [{ path: b.yaml, env_file: a.env }]\n";
    const { problems } = read(compose, { files: { "b.yaml": "services: { b: { image: x } }\n", ...more } });
    expect(problems).toEqual([`compose.yaml:1:11: ${problem}`]);
  });
});

describe("include of a name that is defined again", () => {
  it("is merged below the file that includes it, the first one above the others (M9)", () => {
    const compose = `
include: [one.yaml, { path: [two.yaml, three.yaml] }]
services:
  api: { environment: { D: 4 }, volumes: !override [b:/b] }
  web: { extends: base }
volumes: { b: , a: }
`;
    const files = {
      "one.yaml": "services: { api: { image: one, environment: { A: 1 }, volumes: [a:/a] }, base: { image: base } }\n",
      "two.yaml": "services: { api: { image: two, environment: { A: 2, B: 2 } }, other: { image: x } }\n",
      "three.yaml": "services: { other: { image: y }, api: { environment: { B: 3 } } }\n",
    };
    const { application, problems } = read(compose, { files });
    expect(problems).toEqual([]);
    expect(application?.services).toMatchObject({
      api: { image: "one", fields: { environment: { A: 1, B: 3, D: 4 } }, mounts: [{ source: "b" }] },
      web: { image: "base" },
      other: { image: "y" },
    });
  });

  it("has its paths from the folder of the first file that is included as one", () => {
    const compose = "include: [{ path: [a/one.yaml, b/two.yaml] }]\n";
    const files = {
      "a/one.yaml": "services: { api: { image: x } }\n",
      "b/two.yaml": "services: { api: { volumes: ['./c.yml:/c.yml'] } }\n",
      "a/c.yml": "c",
    };
    expect(readService("api", compose, { files }).mounts).toMatchObject([{ source: "a/c.yml" }]);
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
      ports: [{ target: 80 }, { target: 81 }],
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
    const compose = "services:\n  api:\n    extends: { file: base.yaml, service: api }\n    links: [x]\n";
    const { problems } = read(compose, { files: { "base.yaml": "services:\n  api:\n    network_mode: host\n" } });
    expect(problems).toEqual([
      "base.yaml:3:5: service 'api' has network_mode, which cannot be deployed; remove it; " +
        "services reach each other by name",
      "compose.yaml:4:5: service 'api' has links, which cannot be deployed; remove it; " +
        "services reach each other by name",
    ]);
  });

  it.each([
    [
      "a missing service",
      "services:\n  api:\n    extends: bas\n  base: {}\n",
      "compose.yaml:3:5: there is no service 'bas' in compose.yaml; did you mean 'base'",
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
