import { Buffer } from "node:buffer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onlyTheServer } from "../../../model/facts/scope.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { ManagedServer } from "../session/managed-server.ts";

const stack = "aaperture/staging";
const project = "aaperture-staging";
const volume = `${project}_pgdata`;
const directory = `/var/www/${project}`;
let started: TestServers;
let managed: ManagedServer;

beforeAll(async () => {
  started = await startServers(1);
  const [server] = started.servers as [TestServer];
  managed = await ManagedServer.open(started, server, stack);
  await managed.on(`mkdir -p ${directory} && docker pull --quiet postgres:17-alpine`);
});

afterAll(async () => {
  await managed.close();
  await started.stop();
});

const compose = `name: ${project}
services:
  postgres:
    image: postgres:17-alpine
    container_name: ${project}-postgres
    pull_policy: never
    environment: { POSTGRES_PASSWORD: secret }
    volumes: ["pgdata:/var/lib/postgresql/data"]
    # Not by the socket: the server that fills a new cluster answers there, and stops again.
    healthcheck: { test: ["CMD", "pg_isready", "--host", "127.0.0.1"], interval: 1s, retries: 60 }
volumes:
  pgdata: { name: ${volume}, external: true }
`;

const guard = () =>
  managed.document("volume", "volume-postgres", {
    ...{ volume, service: "postgres", data: "postgres", cluster: ".", major: "17" },
  });

const shared = () => {
  const postgres = {
    image: "postgres:17-alpine",
    deadline: "120",
    mounts: {},
    variables: {},
    volumes: { [volume]: "postgres" },
  };
  const body = { directory, project, compose: Buffer.from(compose), services: { postgres } };
  return managed.document("compose", "shared", body);
};

async function refusal(verb: string, document: string): Promise<string> {
  const { code, stderr } = await managed.run(verb, "apply", document);
  expect(code).toBe(1);
  return stderr;
}

const sql = (text: string) =>
  managed.on(`docker exec ${project}-postgres psql --username postgres --tuples-only --no-align --command "${text}"`);

const place = `/var/lib/docker/volumes/${volume}/_data`;
const memory = `/var/lib/slipway/data/aaperture@staging@${volume}.json`;
const remembered = () => managed.on(`cat ${memory}`);

test("the guard remembers the cluster of the first healthy start by Postgres' own identifier", async () => {
  expect(await managed.outcome("volume", "apply", guard())).toBe("applied");
  expect(await managed.outcome("compose", "apply", shared())).toBe("applied");
  const cluster = await sql("select system_identifier from pg_control_system()");
  expect(await remembered()).toContain(`"cluster":"${cluster}"`);
  await sql("create table kept (row text); insert into kept values ('kept')");
});

test("the guard remembers a cluster that was not known at the start when the run ends (F137)", async () => {
  const known = await remembered();
  await managed.on(`sed -i 's/"cluster":"[0-9]*"/"cluster":""/; s/"empty":false/"empty":true/' ${memory}`);
  await managed.observe(onlyTheServer);
  expect(await remembered()).toContain('"cluster":""');
  expect(await managed.health([`compose:${project}`])).toEqual([]);
  expect(await remembered()).toBe(known);
});

test("the data is there again after the stack was deleted and deployed (A5)", async () => {
  await managed.close();
  expect(await managed.outcome("compose", "delete", shared())).toBe("deleted");
  expect(await managed.outcome("volume", "delete", guard())).toBe("deleted");
  managed = await ManagedServer.open(started, managed.server, stack);
  expect(await managed.outcome("volume", "apply", guard())).toBe("applied");
  expect(await managed.outcome("compose", "apply", shared())).toBe("applied");
  expect(await sql("select row from kept")).toBe("kept");
});

test("rejects every start on an emptied volume, and initialises nothing on it (F45)", async () => {
  await managed.on(`docker rm --force ${project}-postgres && mv ${place} ${place}.lost && mkdir ${place}`);
  expect(await managed.differences(`volume:${volume}`)).toEqual([
    expect.stringMatching(/^volume aaperture-staging_pgdata: cluster \d+ => no cluster$/),
  ]);
  expect(await refusal("compose", shared())).toContain("is empty, but held Postgres cluster");
  expect(await refusal("volume", guard())).toContain(`run \`pulumi config set --path 'adopt.data["${volume}"]' `);
  expect(await managed.on(`ls ${place}`)).toBe("");
});

test("rejects every start on another cluster (F45)", async () => {
  const data = `${volume}:/var/lib/postgresql/data`;
  await managed.on(`docker run --rm --volume ${data} --env POSTGRES_PASSWORD=x --detach --name other postgres:17-alpine
until docker exec other pg_isready --username postgres; do sleep 0.2; done; docker stop other`);
  expect(await refusal("compose", shared())).toContain("holds another Postgres cluster");
});

test("rejects every start without the volume, and does not make it again (F45)", async () => {
  await managed.on(`docker volume rm ${volume}`);
  expect(await refusal("volume", guard())).toContain("is gone, but held data");
  expect(await refusal("compose", shared())).toContain("is gone, but held data");
  expect(await managed.on("docker volume ls --quiet")).toBe("");
});
