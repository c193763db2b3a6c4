import { describe, expect, it } from "vitest";
import { composeOf, read, readService } from "./trial.ts";

describe("an application", () => {
  it("holds the services of its compose file in one form", () => {
    const compose = `
x-app: &app
  env_file: .env
  restart: unless-stopped
services:
  api:
    <<: *app
    image: example/api:1
    environment: ["A=1", "B=x=y", PASSED]
    labels: ["team=photos"]
    ports: ["\${API_PORT:-8080}:80", "81/udp", 82]
    depends_on: [db]
    deploy: { resources: { limits: { memory: 1g } } }
    x-own: 1
  db:
    image: example/db:1
    volumes: [data:/data]
    command: ["--x", "$$y"]
volumes:
  data:
`;
    const { application, problems } = read(compose);
    expect(problems).toEqual([]);
    expect(application).toEqual({
      services: {
        api: {
          name: "api",
          image: "example/api:1",
          ports: [
            { target: 80, protocol: "tcp", variable: "API_PORT" },
            { target: 81, protocol: "udp", variable: undefined },
            { target: 82, protocol: "tcp", variable: undefined },
          ],
          mounts: [],
          wholeEnvironment: true,
          variables: ["PASSED"],
          dependsOn: { db: { condition: "service_started", required: true } },
          fields: {
            environment: { A: "1", B: "x=y", PASSED: null },
            labels: { team: "photos" },
            deploy: { resources: { limits: { memory: "1g" } } },
          },
          restart: "unless-stopped",
        },
        db: {
          name: "db",
          image: "example/db:1",
          ports: [],
          mounts: [{ type: "volume", source: "data", target: "/data", readOnly: false }],
          wholeEnvironment: false,
          variables: [],
          dependsOn: {},
          fields: { command: ["--x", "$$y"] },
          restart: undefined,
        },
      },
      volumes: { data: {} },
      notes: ["api: is not published, since the stack gives it no host port"],
    });
  });

  it.each([
    ["80", 80, "tcp", undefined],
    ["8080:80", 80, "tcp", undefined],
    ["127.0.0.1:8080:80", 80, "tcp", undefined],
    ["[::1]:8080:80/udp", 80, "udp", undefined],
    ["${P}:80", 80, "tcp", "P"],
    ["$P:80", 80, "tcp", "P"],
    ["${P:-8080}:80", 80, "tcp", "P"],
    ["127.0.0.1:${P:-8080}:80", 80, "tcp", "P"],
    ["${ADDRESS:-127.0.0.1}:${P:-8080}:80", 80, "tcp", "P"],
    ["${P:-8080}:${INSIDE:-80}", 80, "tcp", "P"],
    ["1${P}:80", 80, "tcp", undefined],
  ])("publishes %s", (port, target, protocol, variable) => {
    const { ports } = readService("api", composeOf(`ports: ["${port}"]`));
    expect(ports).toEqual([{ target, protocol, variable }]);
  });

  it.each([
    ["${X-:2283:2283}", [2283]],
    ["${X:-127.0.0.1:80:81/udp}", [81]],
    ["127.0.0.1:${X:-80:81}", [81]],
    ["3000-3002:4000-4002", [4000, 4001, 4002]],
    ["8000-8005:80", [80]],
    ["${R:-1-2}:3-4", [3, 4]],
    ["${R:-1-2}:${Q:-3-4}", [3, 4]],
    ["3-4", [3, 4]],
  ])("publishes the ports of %s (M6)", (port, targets) => {
    const { ports } = readService("api", composeOf(`ports: ["${port}"]`));
    expect(ports.map(({ target, variable }) => ({ target, variable }))).toEqual(
      targets.map((target) => ({ target, variable: undefined })),
    );
  });

  it("publishes a port once that ranges repeat", () => {
    const { ports } = readService("api", composeOf('ports: ["80-82:80-82", "81:81", "81/udp"]'));
    expect(ports.map(({ target, protocol }) => `${target}/${protocol}`)).toEqual([
      "80/tcp",
      "81/tcp",
      "82/tcp",
      "81/udp",
    ]);
  });

  it("publishes a port in the long form", () => {
    const long = "ports:\n  - target: 80\n    published: ${P:-8080}\n    protocol: udp\n    host_ip: 127.0.0.1";
    expect(readService("api", composeOf(long)).ports).toEqual([{ target: 80, protocol: "udp", variable: "P" }]);
  });

  it("fills in the structural fields, and leaves value fields to Compose on the server", () => {
    const lines =
      'image: "a:${TAG:-1}"\nrestart: "${RESTART:-always}"\nvolumes: ' +
      '["${FOLDER:-./in}/f:/${WHERE}:ro"]\ncommand: ["${TAG:-1}", "${SECRET}"]';
    const api = readService("api", composeOf(lines), {
      files: { "conf/f": "x" },
      variables: { FOLDER: "./conf", WHERE: "etc" },
      secrets: ["SECRET"],
    });
    expect(api.image).toBe("a:1");
    expect(api.restart).toBe("always");
    expect(api.mounts).toMatchObject([{ type: "file", source: "conf/f", target: "/etc", readOnly: true }]);
    expect(api.fields).toEqual({ command: ["${TAG:-1}", "${SECRET}"] });
    expect(api.variables).toEqual(["SECRET", "TAG"]);
  });

  it("lists the variables of all value fields, without those that a dollar sign escapes", () => {
    const lines =
      'environment: { A: "${B:-${C}}", D: }\nhealthcheck: { test: ["CMD", "$E", "$$F"] }\nlabels: { l: "${G-}" }';
    const { variables } = readService("api", composeOf(lines), { variables: { E: "" } });
    expect(variables).toEqual(["B", "C", "D", "E", "G"]);
  });

  it("leaves the image of a release service as written, since the release names it", () => {
    const api = readService("api", composeOf("image: a:${TAG}"), { services: { api: { release: true } } });
    expect(api.image).toBe("a:${TAG}");
  });

  it("needs no image for a release service that is built", () => {
    const api = readService("api", composeOf("build: { context: ., target: runtime }"), {
      services: { api: { release: true } },
    });
    expect(api).toMatchObject({ image: undefined, fields: {} });
  });

  it("has the dependencies of depends_on on services that are deployed", () => {
    const compose = `
services:
  api:
    depends_on:
      db: { condition: service_healthy }
      job: { condition: service_completed_successfully, required: false }
  db: {}
  job: { profiles: [once] }
`;
    expect(readService("api", compose).dependsOn).toEqual({ db: { condition: "service_healthy", required: true } });
    expect(read(compose).notes).toContain("api: does not wait for 'job', which is optional and not deployed");
    const both = readService("api", compose, { services: { job: {} } });
    expect(both.dependsOn["job"]).toEqual({ condition: "service_completed_successfully", required: false });
  });

  it("is restarted with a service that it waits for, as the file says", () => {
    const compose = `
services:
  api: { depends_on: { db: { condition: service_started, restart: true } } }
  db: {}
`;
    expect(readService("api", compose).dependsOn["db"]).toEqual({
      ...{ condition: "service_started", required: true, restart: true },
    });
  });

  it("tells whose logs slipway limits, once", () => {
    const compose = `
services:
  api: { image: x }
  db: { image: x, logging: { driver: json-file } }
  web: { image: x, logging: { options: { max-size: 1m } } }
  log: { image: x, logging: { driver: syslog } }
`;
    expect(read(compose, { complete: true }).notes).toEqual([
      "the logs of api, db are kept in 3 files of 10m, since the compose file sets no limit",
    ]);
  });

  it("rejects a dependency that no file has, also one that is not required, as Compose does", () => {
    const compose = "services: { api: { depends_on: { absent: { condition: service_started, required: false } } } }\n";
    expect(read(compose).problems).toEqual([
      "compose.yaml:1:34: depends_on names 'absent', which is not a service; correct the name",
    ]);
  });

  it("has the other names of its links, and needs the services that other fields name", () => {
    const compose = `
services:
  api: { links: ["db:database", cache], depends_on: { cache: { condition: service_healthy } } }
  db: {}
  cache: {}
`;
    const { application } = read(compose);
    expect(application?.services["api"]).toMatchObject({
      links: { database: "db" },
      dependsOn: { db: { condition: "service_started" }, cache: { condition: "service_healthy" } },
    });
    expect(application?.services["cache"]).not.toHaveProperty("links");
  });

  it("contains a service with profiles only if the stack names it, and notes the others", () => {
    const compose = "services:\n  api: {}\n  migrate: { profiles: [migrate] }\n";
    const { application, notes } = read(compose);
    expect(Object.keys(application?.services ?? {})).toEqual(["api"]);
    expect(notes).toEqual(["migrate: is not deployed, since it has profiles and the stack does not name it"]);
    expect(Object.keys(read(compose, { services: { migrate: {} } }).application?.services ?? {})).toEqual([
      "api",
      "migrate",
    ]);
  });

  it("notes the fields that the deployment decides (F142)", () => {
    const lines = 'container_name: my-api\nports: ["80:80"]\nnetworks: [front]\nlogging: { driver: local }';
    const { notes } = read(composeOf(lines, "networks:\n  front:"), {
      services: { api: { release: true, published: true } },
    });
    expect(notes).toEqual([
      "api: container_name of the compose file is not used; the deployment decides it",
      "api: networks of the compose file is not used; the deployment decides it",
      "api: is published by the proxy, not by itself",
    ]);
  });

  it("notes that an optional env file is not delivered", () => {
    const { application, notes } = read(composeOf('env_file: [".env", { path: local.env, required: false }]'));
    expect(application?.services["api"]?.wholeEnvironment).toBe(true);
    expect(notes).toEqual(["api: the optional env_file 'local.env' is not delivered"]);
  });
});
