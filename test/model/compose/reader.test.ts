import { describe, expect, it } from "vitest";
import { composeOf, read, readService } from "./trial.ts";
import { containerPortText, portRangeText } from "../../../model/port-range.ts";
import { tcp, udp } from "../stack/port.ts";

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
    const { application, problems } = read(compose, { variables: { PASSED: "yes" } });
    expect(problems).toEqual([]);
    expect(application).toEqual({
      services: {
        api: {
          name: "api",
          image: "example/api:1",
          ports: [tcp(80, { variable: "API_PORT", ports: { first: 8080, last: 8080 } }), udp(81), tcp(82)],
          exposed: [],
          mounts: [],
          envFiles: [{ from: "stack", path: ".env", place: "compose.yaml:3:3" }],
          variables: ["PASSED"],
          dependsOn: { db: { condition: "service_started", required: true } },
          fields: {
            environment: { A: "1", B: "x=y", PASSED: null },
            labels: { team: "photos" },
            deploy: { resources: { limits: { memory: "1g" } } },
          },
          restart: "unless-stopped",
          networks: { default: { aliases: [], fields: {} } },
        },
        db: {
          name: "db",
          image: "example/db:1",
          ports: [],
          exposed: [],
          mounts: [{ type: "volume", source: "data", target: "/data", readOnly: false }],
          envFiles: [],
          variables: [],
          dependsOn: {},
          fields: { command: ["--x", "$$y"] },
          restart: undefined,
          networks: { default: { aliases: [], fields: {} } },
        },
      },
      volumes: { data: {} },
      networks: { default: {} },
      notes: [],
    });
  });

  it.each([
    ["80", "80", "", undefined],
    ["8080:80", "80", "8080", undefined],
    ["127.0.0.1:8080:80", "80", "127.0.0.1 8080", undefined],
    ["127.0.0.1::80", "80", "127.0.0.1", undefined],
    ["[::1]:8080:80/udp", "80/udp", "::1 8080", undefined],
    ["${P}:80", "80", "", "P"],
    ["$P:80", "80", "", "P"],
    ["${P:-8080}:80", "80", "8080", "P"],
    ["${SET}:80", "80", "7000", "SET"],
    ["${P:+8080}:80", "80", "", undefined],
    ["127.0.0.1:${P:-8080}:80", "80", "127.0.0.1 8080", "P"],
    ["${ADDRESS:-127.0.0.1}:${P:-8080}:80", "80", "127.0.0.1 8080", "P"],
    ["${BIND:-127.0.0.1:8080}:80", "80", "127.0.0.1 8080", "BIND"],
    ["${P:-8080}:${INSIDE:-80}", "80", "8080", "P"],
    ["1${SET}:80", "80", "17000", undefined],
    ["${X-:2283:2283}", "2283", "2283", undefined],
    ["${X:-127.0.0.1:80:81/udp}", "81/udp", "127.0.0.1 80", undefined],
    ["127.0.0.1:${X:-80:81}", "81", "127.0.0.1 80", undefined],
    ["3000-3002:4000-4002", "4000-4002", "3000-3002", undefined],
    ["8000-8005:80", "80", "8000-8005", undefined],
    ["${R:-1-2}:3-4", "3-4", "1-2", "R"],
    ["${R:-1-2}:${Q:-3-4}", "3-4", "1-2", "R"],
    ["3-4", "3-4", "", undefined],
  ])("publishes %s (M6)", (port, container, end, variable) => {
    const { ports } = readService("api", composeOf(`ports: ["${port}"]`), { variables: { SET: "7000" } });
    expect(ports.map(({ target, protocol }) => containerPortText(target, protocol))).toEqual([container]);
    expect(ports.map(({ host }) => [host.address, host.ports && portRangeText(host.ports)].join(" ").trim())).toEqual([
      end,
    ]);
    expect(ports.map(({ host }) => host.variable)).toEqual([variable]);
  });

  it("has each port that it publishes once, whatever ranges repeat", () => {
    const { ports } = readService("api", composeOf('ports: ["80-82:80-82", "80-82:80-82", "81/udp"]'));
    expect(ports.map(({ target, protocol }) => containerPortText(target, protocol))).toEqual(["80-82", "81/udp"]);
  });

  it("publishes a port in the long form, and tells what means nothing outside of Swarm", () => {
    const long =
      "ports:\n  - target: 80\n    published: ${P:-8080}\n    protocol: udp\n    host_ip: '::1'\n" +
      "    app_protocol: http\n    mode: host\n    name: web";
    expect(
      read(composeOf(`${long}\n${long.replace("ports:\n", "").replace("target: 80", "target: 81")}`)).notes,
    ).toHaveLength(1);
    const { application, notes } = read(composeOf(long));
    const host = { variable: "P", ports: { first: 8080, last: 8080 }, address: "::1" };
    expect(application?.services["api"]?.ports).toEqual([{ ...udp(80, host), speaks: "http" }]);
    expect(notes).toEqual(["api: name and mode of a port are not used; Docker alone publishes it"]);
  });

  it("tells a variable that is the port on the server and in the container", () => {
    const { ports } = readService("api", composeOf('ports: ["${P:-80}:${P:-80}", "${P:-80}:81"]'));
    expect(ports.map(({ host }) => host.sameVariable)).toEqual([true, false]);
  });

  it("offers the TCP ports of its expose, if it is of a release", () => {
    const compose = composeOf('expose: [3000, "${PORT:-4000}", "5000-5002/tcp", "53/udp"]');
    expect(readService("api", compose, { services: { api: { release: true } } }).exposed).toEqual([
      { first: 3000, last: 3000 },
      { first: 4000, last: 4000 },
      { first: 5000, last: 5002 },
    ]);
    expect(readService("api", compose).exposed).toEqual([]);
    const { problems } = read(composeOf("expose: [http]"), { services: { api: { release: true } } });
    expect(problems).toEqual([
      "compose.yaml:3:14: expose names no port, got 'http'; " +
        "write a number from 1 to 65535, or a range such as 3000-3005",
    ]);
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

  it("contains the services of the profiles that the stack asks for, and rejects a profile that no service has", () => {
    const compose = "services:\n  api: {}\n  web: { profiles: [production, test] }\n  tool: { profiles: [tools] }\n";
    const deployed = (profiles: readonly string[]) =>
      Object.keys(read(compose, { profiles }).application?.services ?? {});
    expect(deployed([])).toEqual(["api"]);
    expect(deployed(["production"])).toEqual(["api", "web"]);
    expect(deployed(["*"])).toEqual(["api", "web", "tool"]);
    expect(read(compose, { profiles: ["test", "productoin"] }).problems).toEqual([
      "profiles: no service has the profile 'productoin'; did you mean 'production'",
    ]);
  });

  it("contains a service with profiles only if the stack names it, and notes the others", () => {
    const compose = "services:\n  api: {}\n  migrate: { profiles: [migrate] }\n";
    const { application, notes } = read(compose);
    expect(Object.keys(application?.services ?? {})).toEqual(["api"]);
    expect(notes).toEqual([
      "migrate: is not deployed, since the stack neither names it nor asks for a profile of it ('migrate')",
    ]);
    expect(Object.keys(read(compose, { services: { migrate: {} } }).application?.services ?? {})).toEqual([
      "api",
      "migrate",
    ]);
  });

  it("has no note for a name, a network or a log driver, which are carried (F142)", () => {
    const lines = 'container_name: my-api\nports: ["80:80"]\nnetworks: [front]\nlogging: { driver: local }';
    const { notes } = read(composeOf(lines, "networks:\n  front:"), {
      services: { api: { release: true, published: true } },
    });
    expect(notes).toEqual([]);
  });

  it("notes that an optional env file is not delivered", () => {
    const { application, notes } = read(composeOf('env_file: [".env", { path: local.env, required: false }]'));
    expect(application?.services["api"]?.envFiles.map(({ path }) => path)).toEqual([".env"]);
    expect(notes).toEqual(["api: the optional env_file 'local.env' is not there; an entry of env.files would make it"]);
  });

  it("notes a variable that the environment only lists, and that nobody sets", () => {
    const { problems, notes } = read(composeOf("environment: [SET, KEY, MISSING, MODE=fast]"), {
      variables: { SET: "1" },
      secrets: ["KEY"],
    });
    expect(problems).toEqual([]);
    expect(notes).toEqual(["api: environment lists MISSING, which has no value; the container does not get it"]);
  });
});
