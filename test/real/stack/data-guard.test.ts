import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../hosts/servers.ts";
import type { Operation } from "../../pulumi/workspace.ts";
import type { Aaperture } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { fullSeries, series } from "../series.ts";
import { ServerTrace } from "../session/server-trace.ts";

const long = 600_000;
const volume = "aaperture-staging_pgdata";
const place = `/var/lib/docker/volumes/${volume}/_data`;
const postgres = "aaperture-staging-postgres";
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;
let cluster: string;
let machine: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  ({ server, aaperture } = opened);
  await aaperture.succeed("up", "staging", server);
  await sql("create table kept (word text); insert into kept values ('row')");
  cluster = await sql("select system_identifier from pg_control_system()");
  machine = await on("cat /etc/machine-id");
}, long);

afterAll(() => opened.close());

/** The end of a refusal as `told` shortens it: the way to accept a volume on a machine. */
function adviceFor(name: string, on = machine): string {
  return `… adopt ${name} on ${on}`;
}

/** A run's refusals, of which the ways to restore and to accept a volume are shortened. */
function told(message: string): string {
  return message.replace(
    /; restore [^;\n]* run `pulumi config set --path 'adopt\.data\["([^"]+)"\]' (\w+):[0-9a-f]{16}`[^;\n]*/g,
    "; … adopt $1 on $2",
  );
}

/** The keys that accept each refused volume as it is, as a refused run names them. */
async function adoptions(): Promise<Record<string, string>> {
  const { events } = await aaperture.run("preview", "staging", server);
  const texts = events.messages.map(({ text }) => text).join("\n");
  const values = texts.matchAll(/--path '(adopt\.data\["[^"]+"\])' (\w+:[0-9a-f]{16})`/g);
  return Object.fromEntries([...values].map(([, key = "", value = ""]) => [key, value]));
}

const on = (script: string): Promise<string> => opened.on(script);

function sql(statement: string): Promise<string> {
  return on(`docker exec ${postgres} psql -U aaperture -At -c "${statement}"`);
}

/** Expects a run to stop with one message, and to leave volumes, files and containers as they are. */
async function expectStop(message: string, operation: Operation, words: readonly string[] = [], also = [place]) {
  const trace = await ServerTrace.begin(server, also);
  const { exitCode, events } = await aaperture.run(operation, "staging", server, words);
  expect([operation, exitCode === 0]).toEqual([operation, false]);
  const errors = events.messages.filter(({ severity }) => severity === "error").map(({ text }) => told(text.trim()));
  expect(errors).toEqual([`the configuration has problems:\n  - ${message}`]);
  expect(await trace.changes()).toEqual([]);
}

type Run = readonly [Operation, ...string[]];

const everyRun: readonly Run[] = [["preview"], ["up"], ["up", "--refresh"]];

/** Expects every run that may start something to stop; the samples are some of them. */
async function expectAllStop(message: string, samples: readonly Run[], also = [place]): Promise<void> {
  for (const [operation, ...words] of series(everyRun, samples)) await expectStop(message, operation, words, also);
}

/** Expects that after the restore, the next `up` starts everything on the old data. */
async function expectConverges(): Promise<void> {
  await aaperture.succeed("up", "staging", server);
  expect(await sql("select word from kept")).toBe("row");
  expect(aaperture.state("staging").has("staging-main-volume-pgdata-volume")).toBe(true);
}

describe("the guard of lost data (F45, F83)", () => {
  test(
    "rejects every run if a volume is gone, even after a refresh, which would make it again",
    async () => {
      await on(`docker rm --force ${postgres} && cp -a ${place} /root/kept && docker volume rm ${volume}`);
      const message = `services.postgres.data: volume '${volume}' is gone, but held data; ${adviceFor(volume)}`;
      await expectAllStop(message, [["up", "--refresh"]]);
      await aaperture.succeed("refresh", "staging", server);
      expect(aaperture.state("staging").has("staging-main-volume-pgdata-volume")).toBe(false);
      await expectStop(message, "up");
      expect(await on("docker volume ls --quiet")).not.toContain(volume);
      await on(`docker volume create ${volume} && rmdir ${place} && mv /root/kept ${place}`);
      await expectConverges();
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects every run if a volume is empty, as after a refresh made it again",
    async () => {
      await on(`docker rm --force ${postgres} && mv ${place} /root/kept && mkdir ${place}`);
      await expectAllStop(
        `services.postgres.data: volume '${volume}' is empty, but held Postgres cluster ${cluster}; ` +
          adviceFor(volume),
        [["up", "--refresh"]],
      );
      expect(await on(`ls -A ${place}`)).toBe("");
      await on(`rmdir ${place} && mv /root/kept ${place}`);
      await expectConverges();
    },
    long,
  );

  // In samples, the test of the verbs' own guard covers this (guard.test.ts).
  test.skipIf(!fullSeries)(
    "rejects every run if a volume has another cluster",
    async () => {
      const image = await on(`docker inspect --format '{{.Config.Image}}' ${postgres}`);
      await on(`docker rm --force ${postgres} && mv ${place} /root/kept && mkdir ${place}`);
      const other =
        `docker run --detach --name other --env POSTGRES_PASSWORD=x --volume ${volume}:/var/lib/postgresql/data ` +
        image;
      await on(`${other} && until docker exec other pg_isready --host 127.0.0.1; do sleep 0.2; done`);
      const found = await on(
        "docker exec other psql -U postgres -At -c 'select system_identifier from pg_control_system()'",
      );
      await on("docker stop other && docker rm other");
      await expectAllStop(
        `services.postgres.data: volume '${volume}' holds another Postgres cluster, got ${found} for ${cluster}; ` +
          adviceFor(volume),
        [["up"]],
      );
      await on(`rm -r ${place} && mv /root/kept ${place}`);
      await expectConverges();
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects up if the volume of a service without `data` is gone",
    async () => {
      const lost = "aaperture-staging_grafana";
      await on(`docker rm --force aaperture-staging-grafana && docker volume rm ${lost}`);
      await expectStop(
        `services.grafana.data: volume '${lost}' is gone, but held data; ${adviceFor(lost)}`,
        "up",
        [],
        [], // Postgres runs, and writes
      );
      await on(`docker volume create ${lost}`);
      const again = `volume '${lost}' was made again, and is not the one that held data`;
      await expectStop(
        `services.grafana.data: ${again}; ${adviceFor(lost)}`,
        "up",
        [],
        [], // Postgres runs, and writes
      );
      await aaperture.withConfig("staging", await adoptions(), expectConverges);
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects every run on another machine, as after a copy of the whole server",
    async () => {
      const copy = "0123456789abcdef0123456789abcdef";
      await on(`echo ${copy} >/etc/machine-id`);
      const messages = [
        ["grafana", "grafana"],
        ["postgres", "pgdata"],
        ["prometheus", "prometheus"],
      ].map(([service = "", name = ""]) => {
        const volume = `aaperture-staging_${name}`;
        const other = `volume '${volume}' was remembered on another machine, got '${copy}' for '${machine}'`;
        return `services.${service}.data: ${other}; ${adviceFor(volume, copy)}`;
      });
      await expectAllStop(messages.join("\n  - "), [["preview"]], []); // Postgres runs, and writes
      await on(`echo ${machine} >/etc/machine-id`);
    },
    long,
  );

  test.skipIf(!fullSeries)(
    "rejects another major of Postgres before it starts on the old files (F46)",
    async () => {
      await on(`echo 16 >${place}/PG_VERSION`);
      await expectAllStop(
        `services.postgres.image: is Postgres 17, but volume '${volume}' was made by Postgres 16; ` +
          "upgrade the data first (dump and restore into a new volume), or keep the major",
        [["preview"]],
        [], // Postgres runs, and writes
      );
      await on(`echo 17 >${place}/PG_VERSION`);
    },
    long,
  );

  test(
    "rejects a new server until the operator confirms its data (F12)",
    async () => {
      const newMachine = "fedcba9876543210fedcba9876543210";
      await on(
        "docker ps --all --quiet | xargs docker rm --force --volumes && docker volume ls --quiet | xargs docker " +
          "volume rm",
      );
      await on(
        `docker network prune --force && rm -rf /var/lib/slipway /var/www && echo ${newMachine} >/etc/machine-id`,
      );
      await aaperture.run("preview", "staging", server); // brings the program, so that later runs write nothing
      const names = ["grafana", "postgres", "prometheus"].map((service) => [
        service,
        `aaperture-staging_${service === "postgres" ? "pgdata" : service}`,
      ]);
      const messages = names.map(([service = "", name = ""]) => {
        const held = service === "postgres" ? `Postgres cluster ${cluster}` : "data";
        const what =
          `volume '${name}' held ${held} on machine '${machine}' by the stack's outputs, ` +
          `and machine '${newMachine}' remembers nothing of it`;
        return `services.${service}.data: ${what}; ${adviceFor(name, newMachine)}`;
      });
      await expectAllStop(messages.join("\n  - "), [["up"]], []);
      await aaperture.withConfig("staging", await adoptions(), () => aaperture.succeed("preview", "staging", server));
    },
    long,
  );
});
