import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digest, lockText, rightStack, TrialRepository } from "./trial-repository.ts";

const { services, ports } = rightStack;

describe("a stack and its application", () => {
  let trial: TrialRepository;
  beforeAll(() => {
    trial = new TrialRepository();
    trial.write("release.json", JSON.stringify({ version: "1", images: { api: digest("example/api") } }));
  });
  afterAll(() => trial.remove());

  it("have no problems if they are valid", async () => {
    expect(await trial.problems()).toEqual([]);
  });

  it("need no release document", async () => {
    expect(await trial.problems({ release: { file: "absent.json" } })).toEqual([]);
    expect((await trial.load({ release: { file: "absent.json" } })).deployment.release).toBeUndefined();
  });

  it.each<[string, object, ...string[]]>([
    [
      "settings of a service that is not there",
      { services: { ...services, postgress: {} } },
      "services.postgress: is not a service of compose.yaml; did you mean 'postgres'",
    ],
    [
      "a port of a service that is not there",
      { ports: { ...ports, grafana: 3000 } },
      "ports.grafana: is not a service of compose.yaml; use one of api, postgres",
    ],
    [
      "a host port of two services",
      { ports: { api: 18080, postgres: 18080 } },
      "ports.postgres: is already the host port of api, got '18080'; use another port",
    ],
    [
      "a host port of two services, once for every address",
      { ports: { api: "0.0.0.0:18080", postgres: 18080 } },
      "ports.postgres: is already the host port of api, got '18080'; use another port",
    ],
    [
      "a service that the compose file publishes and the stack does not",
      { ports: { postgres: 15432 } },
      "ports.api: is missing, and the compose file publishes 8080; write 8080 for a port of the server, " +
        "or none if only this stack calls it",
    ],
    [
      "a variable of a host port with another value (M2)",
      { variables: { API_PORT: "9000" } },
      "variables.API_PORT: is a host port of the compose file, which ports has as '18080', got '9000'; remove it, " +
        "write its value in ports, or name another variable in the compose file",
    ],
    [
      "data of a release service",
      { services: { ...services, api: { ...services.api, data: { volume: "pgdata" } } } },
      "services.api.data: belongs to a service of the release, which runs twice during a switch, got 'pgdata'; " +
        "keep the data in a shared service",
      "services.api.data.volume: is a volume that the service does not mount, got 'pgdata'; " +
        "name the volume of the compose file that holds its data",
    ],
    [
      "data in a volume that the service does not mount",
      { services: { ...services, postgres: { data: { volume: "data" }, port: 5432 } } },
      "services.postgres.data.volume: is a volume that the service does not mount, got 'data'; " +
        "name the volume of the compose file that holds its data",
    ],
    [
      "a proxy without an image",
      { proxy: {} },
      "slipway.lock: has no digest for 'traefik:v3.6', the image of the proxy; run `slipway lock`",
    ],
  ])("rejects %s", async (_, changes, ...problems) => {
    expect(await trial.problems({ ...changes })).toEqual(problems);
  });

  it("rejects a release with an image of an unknown service, or of one that comes with no release", async () => {
    const images = { api: digest("example/api"), apii: digest("example/api"), postgres: digest("postgres") };
    trial.write("other.json", JSON.stringify({ version: "1", images }));
    expect(await trial.problems({ release: { file: "other.json" } })).toEqual([
      "other.json: images.apii: is not a service of compose.yaml; did you mean 'api'",
      "other.json: images.postgres: does not come with a release: compose.yaml names its digest; leave it out, or " +
        "add `build` to the service in the compose file if it is built for each release",
    ]);
  });

  it("take a release with an image of a service that is not deployed", async () => {
    const worker = "worker: { image: example/worker, profiles: [night] }";
    trial.write("night.yaml", `services:\n  api: { image: example/api, ports: ["8080"] }\n  ${worker}\n`);
    const images = { api: digest("example/api"), worker: digest("example/worker") };
    trial.write("night.json", JSON.stringify({ version: "1", images }));
    const asked = { compose: "night.yaml", release: { file: "night.json" } };
    expect(await trial.problems({ ...asked, services: { api: services.api }, ports: { api: 18080 } })).toEqual([]);
  });

  it("rejects a release that lacks an image of a release service", async () => {
    trial.write("other.json", JSON.stringify({ version: "1", images: {} }));
    expect(await trial.problems({ release: { file: "other.json" } })).toEqual([
      "release.images: has no image for 'api'; " +
        "let the build job write it, as `slipway release --image api=<tag>` does",
    ]);
  });

  it("rejects a Postgres image of version 18 with its volume at …/data (F47)", async () => {
    const database = '{ image: "postgres:18-alpine", volumes: ["pgdata:/var/lib/postgresql/data"] }';
    const compose = `services:\n  postgres: ${database}\nvolumes: { pgdata: }\n`;
    const newer = new TrialRepository();
    newer.write("compose.yaml", compose);
    newer.write("slipway.lock", lockText("postgres:18-alpine"));
    expect(await newer.problems({ services: { postgres: services.postgres }, ports: {} })).toEqual([
      "compose.services.postgres.volumes: mount 'pgdata' where the data is not, " +
        "since this image keeps it in /var/lib/postgresql/18/docker, got '/var/lib/postgresql/data'; " +
        "mount it at /var/lib/postgresql, or set PGDATA to where the data lies",
    ]);
    newer.remove();
  });

  it("A10: rejects env files in plain text that git tracks, anywhere in the repository", async () => {
    const [dump, other] = ["infra/env/staging.plain.env", "production.from-gitlab.env"];
    trial.write(dump, "A=1");
    trial.write(other, "A=1");
    trial.write("local.plain.env", "not tracked");
    trial.track("infra", "production.from-gitlab.env");
    const todo =
      "remove it with `git rm`, change every secret in it, and encrypt the new ones, or say in policy.tracked why";
    expect(await trial.problems()).toEqual([
      `${dump}: is an env file in plain text that git tracks; ${todo} '${dump}' may stay`,
      `${other}: is an env file in plain text that git tracks; ${todo} '${other}' may stay`,
    ]);
    trial.git("rm", "--cached", "--quiet", "infra/env/staging.plain.env", "production.from-gitlab.env");
    expect(await trial.problems()).toEqual([]);
  });
});
