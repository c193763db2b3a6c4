import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../hosts/servers.ts";
import type { Aaperture, StackName } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { fullSeries, series } from "../series.ts";
import { ServerTrace } from "../session/server-trace.ts";

let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;

/** Enough time for both stacks on one server. */
const long = 600_000;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging", "production"]);
  ({ server, aaperture } = opened);
  await aaperture.succeed("up", "staging", server);
  await on("ln -s /var/www/aaperture-staging /srv/link");
}, long);

afterAll(() => opened.close());

const on = (script: string): Promise<string> => opened.on(script);

/**
 * The refusal of a stack by preview and, in the full series, by up: both must stop at once and not touch the server.
 */
async function refusal(
  stack: StackName,
  settings: Readonly<Record<string, string>> = {},
  operations: readonly Refusing[] = series(["preview", "up"], ["preview"]),
): Promise<string[]> {
  const told = async (operation: Refusing): Promise<string> => {
    const trace = await ServerTrace.begin(server);
    const { exitCode, events } = await aaperture.run(operation, stack, server);
    expect(exitCode).not.toBe(0);
    expect(await trace.changes()).toEqual([]);
    return events.messages
      .filter(({ severity }) => severity === "error")
      .map(({ text }) => text.trim())
      .join("\n");
  };
  const all = async (): Promise<string[]> => {
    const said: string[] = [];
    for (const operation of operations) said.push(await told(operation));
    return said;
  };
  const said = await (Object.keys(settings).length === 0 ? all() : aaperture.withConfig(stack, settings, all));
  expect(new Set(said).size).toBe(1);
  return (said[0] ?? "").split("\n");
}

type Refusing = "preview" | "up";

const head = "the configuration has problems:";
const todo = "choose another";
const ofStaging = `of stack 'aaperture/staging' on this server; ${todo}`;
const ofProduction = `of stack 'aaperture/production' on this server; ${todo}`;

describe("A5: production beside a deployed staging", () => {
  const place = "/var/www/aaperture-staging";

  test(
    "rejects everything that belongs to staging at once, in preview and in up",
    async () => {
      const settings = { directory: place, "ports.api": "18080", project: "aaperture-staging" };
      const said = await refusal("production", settings, ["preview", "up"]);
      for (const what of [
        "directory: overlaps '/",
        "ports.api: '127.0.0.1:18080' is a port",
        "project: 'aaperture-staging' is a compose project",
      ]) {
        expect(said.join("\n")).toContain(`- ${what}`);
      }
      expect(said).toContain(`  - services.postgres.data: 'aaperture-staging_pgdata' is a volume ${ofStaging}`);
      expect(said).toContain(`  - project: 'aaperture-staging_default' is a network ${ofStaging}`);
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects staging's port",
    async () => {
      expect(await refusal("production", { "ports.api": "18080" }, ["preview", "up"])).toEqual([
        head,
        `  - ports.api: '127.0.0.1:18080' is a port ${ofStaging}`,
      ]);
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects staging's compose project, with its volumes and networks",
    async () => {
      const projects = ["", "-slipway-proxy", "-blue", "-green", "-migration"];
      const networks = ["-slipway-proxy", "_default", "_default-blue", "_default-calls", "_default-green"];
      expect(await refusal("production", { project: "aaperture-staging" })).toEqual([
        head,
        ...projects.map((end) => `  - project: 'aaperture-staging${end}' is a compose project ${ofStaging}`),
        ...networks.map((end) => `  - project: 'aaperture-staging${end}' is a network ${ofStaging}`),
        `  - services.grafana.data: 'aaperture-staging_grafana' is a volume ${ofStaging}`,
        `  - services.postgres.data: 'aaperture-staging_pgdata' is a volume ${ofStaging}`,
        `  - services.prometheus.data: 'aaperture-staging_prometheus' is a volume ${ofStaging}`,
      ]);
    },
    long,
  );
});

describe("a thing that is not slipway's", () => {
  test(
    "rejects a port of a foreign process, with its number and name (F34)",
    async () => {
      const listen =
        `use IO::Socket::INET; my $kept = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8080, ` +
        "Listen => 1) or die; sleep 600";
      const pid = await on(`setsid perl -e '${listen}' </dev/null >/srv/listener 2>&1 & echo $!`);
      await on(
        `for i in {1..200}; do grep -q :1F90 /proc/net/tcp && exit; sleep 0.1; done; cat /srv/listener >&2; exit 1`,
      );
      expect(await refusal("production")).toEqual([
        head,
        `  - ports.api: is in use on 127.0.0.1 by process ${pid} (perl), got '8080'; choose another port, ` +
          "or stop what uses it",
      ]);
      await on(`kill ${pid}`);
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects a port of a foreign container, with its name (F34)",
    async () => {
      const image = await on(`docker inspect --format '{{.Config.Image}}' aaperture-staging-prometheus`);
      await on(`docker run --detach --name intruder --publish 127.0.0.1:9090:9090 ${image}`);
      expect(await refusal("production")).toEqual([
        head,
        "  - ports.prometheus: is in use on 127.0.0.1 by container intruder, got '9090'; choose another port, " +
          "or stop what uses it",
      ]);
      await on("docker rm --force intruder");
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects a compose project of the same name that slipway did not make (F33)",
    async () => {
      const image = await on(`docker inspect --format '{{.Config.Image}}' aaperture-staging-prometheus`);
      await on(`mkdir /srv/foreign && echo 'services: { other: { image: "${image}" } }' >/srv/foreign/compose.yaml`);
      await on("docker compose --project-name aaperture --project-directory /srv/foreign up --detach --quiet-pull");
      expect(await refusal("production")).toEqual([
        head,
        "  - project: containers of a compose project 'aaperture' that slipway did not make run there; " +
          "choose another project, or stop them with `docker compose --project-name … down` (volumes stay)",
      ]);
      await on("docker compose --project-name aaperture --project-directory /srv/foreign down");
    },
    long,
  );
});

/** The guard's refusal of a volume that the destroyed staging kept. */
function leftBehind(service: string, name: string): string {
  const what = `volume 'aaperture-staging_${name}' holds the data of 'aaperture/staging', which is not deployed now`;
  return expect.stringMatching(
    new RegExp(`^  - services\\.${service}\\.data: ${what}; choose another project, or run`),
  ) as string;
}

describe("A5: staging beside a deployed production", () => {
  beforeAll(async () => {
    await aaperture.succeed("destroy", "staging", server);
  }, long);

  test(
    "rejects a volume with the data of a destroyed stack (F83)",
    async () => {
      expect(await refusal("production", { project: "aaperture-staging" })).toEqual([
        head,
        leftBehind("grafana", "grafana"),
        leftBehind("postgres", "pgdata"),
        leftBehind("prometheus", "prometheus"),
      ]);
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects production's directory, port and project",
    async () => {
      await aaperture.succeed("up", "production", server);
      expect(await refusal("staging", { directory: "/var/www/aaperture/staging" })).toEqual([
        head,
        "  - directory: overlaps '/var/www/aaperture', the directory of stack 'aaperture/production' on this server, " +
          `got '/var/www/aaperture/staging'; ${todo}`,
      ]);
      expect(await refusal("staging", { "ports.postgres": "5432", "ports.web": "8081" })).toEqual([
        head,
        `  - ports.postgres: '127.0.0.1:5432' is a port ${ofProduction}`,
        `  - ports.web: '127.0.0.1:8081' is a port ${ofProduction}`,
      ]);
      expect(await refusal("staging", { project: "aaperture" }, ["up"])).toContain(
        `  - services.postgres.data: 'aaperture_pgdata' is a volume ${ofProduction}`,
      );
    },
    long,
  );
});
