import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fingerprintOf } from "../../config/variables/stack-variables.ts";
import { digest, rightStack, TrialRepository } from "./trial-repository.ts";

describe("a stack with all its files", () => {
  let trial: TrialRepository;
  beforeEach(() => {
    trial = new TrialRepository();
  });
  afterEach(() => trial.remove());

  it("becomes one deployment, with settings for every service", async () => {
    const { deployment } = await trial.load({
      services: { api: { ...rightStack.services.api, memory: "1 GB" } },
      ports: { api: 18080 },
      domain: "a.example",
      protected: true,
    });
    const plain = { release: false, boot: 60, drop: [] };
    expect(deployment).toMatchObject({
      stack: "trial/staging",
      environment: "staging",
      hosts: { main: { connection: { host: "192.0.2.10", port: 22, user: "deploy" }, path: "host" } },
      directory: "/opt/trial",
      project: "trial",
      domain: "a.example",
      protected: true,
      services: {
        api: {
          ...plain,
          release: true,
          port: 8080,
          memory: 1_073_741_824,
        },
        postgres: plain,
      },
      ports: { api: { only: [{ first: 18080, last: 18080, address: undefined }] } },
      proxy: { image: digest("traefik:v3") },
      registries: {},
      adopt: { done: false, data: {} },
      volumes: {},
    });
  });

  it("keeps values for the session alone, and fingerprints for the rest (F113)", async () => {
    const { deployment, values } = await trial.load({ secrets: { TOKEN: "canary" } });
    expect(JSON.stringify(deployment)).not.toContain("canary");
    expect(values).toContainEqual({ name: "TOKEN", value: "canary" });
    expect(Object.keys(deployment.variables)).toEqual(values.map(({ name }) => name));
    const print = fingerprintOf(rightStack.fingerprintKey, { name: "TOKEN", value: "canary" });
    expect(deployment.variables["TOKEN"]).toBe(print);
  });

  it("may have its compose file in another folder, to which its paths are relative", async () => {
    trial.write(
      "deploy/app.yaml",
      "services: { web: { image: x@sha256:" + "a".repeat(64) + ", volumes: ['./c.yml:/c.yml'] } }\n",
    );
    trial.write("deploy/c.yml", "x");
    trial.track("deploy");
    const { deployment } = await trial.load({ compose: "deploy/app.yaml", services: {}, ports: {} });
    expect(deployment.application.services["web"]?.mounts).toMatchObject([{ source: "c.yml" }]);
    trial.write("deploy/app.yaml", "services: { web: { image: 5 } }\n");
    expect(await trial.problems({ compose: "deploy/app.yaml", services: {}, ports: {} })).toEqual([
      "deploy/app.yaml:1:20: services.web.image has the wrong type; write a string",
    ]);
  });

  it("rejects ten faults at once, in the order to solve them, each with its place and a way out", async () => {
    trial.write(
      "compose.yaml",
      `services:
  api:
    image: example/api
    external_links: [x]
    ports: ["\${API_PORT:-8080}:8080"]
  postgres:
    image: postgres:17
    volumes:
      - pgdata:/var/lib/postgresql/data
      - ./init.sql:/docker-entrypoint-initdb.d/init.sql:ro
volumes:
  pgdata:
`,
    );
    trial.write("init.sql", "not tracked");
    trial.write("release.json", JSON.stringify({ version: "1", images: {} }));
    const changes = {
      host: { address: "${SERVER_HOST}", user: "Deploy" },
      directory: "/var",
      services: { ...rightStack.services, grafana: {} },
      ports: { api: 18080, postgres: 18080 },
      prots: {},
      secrets: { ENVIRONMENT: "canary" },
    };
    expect(await trial.problems(changes)).toEqual([
      "directory: is a folder of the system, got '/var'; use a folder of the stack's own, " +
        "such as /var/www/aaperture-staging or /opt/aaperture",
      "host.address: needs the variable SERVER_HOST, which is not set; set it, " +
        "or add it to this environment's CI variables",
      "host.hostKey: is missing; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub, " +
        "or compare the output of `ssh-keyscan` with that file over another channel",
      "host.user: is not a Linux user name, got 'Deploy'; use small letters, digits, '_' and '-', such as deploy",
      "ports.postgres: is already the host port of api, got '18080'; use another port",
      "prots: is not a key that slipway knows; did you mean 'ports'",
      "services.grafana: is not a service of compose.yaml; use one of api, postgres",
      "compose.yaml:4:5: service 'api' has external_links, which cannot be deployed; remove it; " +
        "run that container as a service",
      "compose.yaml:10:9: the mounted 'init.sql' is not tracked by git; commit it; " +
        "if it is data, mount the folder that it is in, and name that in `folders`",
      "release.images: has no image for 'api'; " +
        "let the build job write it, as `slipway release --image api=<tag>` does",
      "slipway.lock: has no digest for 'postgres:17', the image of 'postgres'; run `slipway lock`",
      "secrets.ENVIRONMENT: is set by slipway to 'staging', got a value that is kept secret; remove it",
    ]);
  });

  it("rejects a compose file that cannot be read together with all other faults", async () => {
    trial.write("compose.yaml", "services:\n  api: {\n");
    expect(await trial.problems({ directory: "/", fingerprintKey: undefined })).toEqual([
      "directory: is a folder of the system, got '/'; use a folder of the stack's own, " +
        "such as /var/www/aaperture-staging or /opt/aaperture",
      "compose.yaml:3:1: is not YAML that Compose accepts: Flow map in block collection must be sufficiently " +
        "indented and end with a }; correct the YAML",
      "fingerprintKey: is missing; run `slipway init`, which makes it and stores it as secret config",
    ]);
  });

  it("rejects texts in the place of maps and lists", async () => {
    expect(await trial.problems({ host: "192.0.2.10", services: "[1]" })).toEqual(
      expect.arrayContaining([
        "host: is not of type map, got '192.0.2.10'; correct the value",
        "services: is not of type map, got [1]; correct the value",
      ]),
    );
  });
});
