import { eventually } from "../../hosts/condition.ts";
import type { TestServer } from "../../hosts/servers.ts";
import { readContainers, runOn, type DeployedContainer } from "../deployment/containers.ts";
import { dataTarget, password, serverPort, serviceName, type HandMade } from "./hand-made.ts";

/** A service with data, and the container that runs it now. */
interface Keeper {
  readonly kind: keyof typeof dataTarget;
  readonly container: DeployedContainer;
}

/** The rows of each service with data, by its name. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** Writes a row through every service that has data. */
export async function writeRow(server: TestServer, deployment: HandMade, row: string): Promise<void> {
  for (const keeper of await keepersOf(server, deployment)) await runOn(server, writing(keeper, row));
}

/** Reads the rows through every service that has data. */
export async function readRows(server: TestServer, deployment: HandMade): Promise<Rows> {
  const all: [string, string[]][] = [];
  for (const keeper of await keepersOf(server, deployment)) {
    const rows = await runOn(server, reading(keeper));
    all.push([serviceName[keeper.kind], rows.split("\n")]);
  }
  return Object.fromEntries(all);
}

/** The device and inode of each data folder, as the processes of its service see it. */
export async function dataPlaces(server: TestServer, deployment: HandMade): Promise<Readonly<Record<string, string>>> {
  const all: [string, string][] = [];
  for (const { kind, container } of await keepersOf(server, deployment)) {
    const place = await runOn(server, `stat --format %d:%i /proc/${container.pid}/root${dataTarget[kind]}`);
    all.push([serviceName[kind], place]);
  }
  return Object.fromEntries(all);
}

/** The rows that each service with data has if these were written. */
export function rowsOf(deployment: HandMade, rows: readonly string[]): Rows {
  return Object.fromEntries(servicesWithData(deployment).map((kind) => [serviceName[kind], rows]));
}

/** Waits until every service that runs on does its work. */
export async function servicesAnswer(server: TestServer, deployment: HandMade): Promise<void> {
  for (const { kind } of deployment.services) {
    if (kind === "job") continue;
    await eventually(`${serviceName[kind]} answers`, 60, async () => {
      const container = (await runningContainers(server)).get(serviceName[kind]);
      if (container === undefined) return undefined;
      const { code } = await server.exec(["bash", "-ceu", asking({ kind, container })]);
      return code === 0 ? true : undefined;
    });
  }
}

/** The running containers by the developers' names of their services. */
export async function runningContainers(server: TestServer): Promise<ReadonlyMap<string, DeployedContainer>> {
  const running = (await readContainers(server)).filter(({ state }) => state === "running");
  return new Map(running.map((container) => [container.service, container]));
}

async function keepersOf(server: TestServer, deployment: HandMade): Promise<Keeper[]> {
  const running = await runningContainers(server);
  return servicesWithData(deployment).map((kind) => {
    const container = running.get(serviceName[kind]);
    if (container === undefined) throw new Error(`${serviceName[kind]} does not run`);
    return { kind, container };
  });
}

function servicesWithData({ services }: HandMade): Keeper["kind"][] {
  return services.filter(({ place }) => place !== undefined).flatMap(({ kind }) => (kind === "job" ? [] : [kind]));
}

function writing({ kind, container: { id, pid } }: Keeper, row: string): string {
  switch (kind) {
    case "database": {
      const sql = `create table if not exists rows (at serial, word text); insert into rows (word) values ('${row}')`;
      return `${psql(id)} -qc "${sql}"`;
    }
    case "cache":
      return `docker exec ${id} redis-cli rpush rows ${row}`;
    default:
      return `echo ${row} >> ${fileIn(kind, pid)}`;
  }
}

function reading({ kind, container: { id, pid } }: Keeper): string {
  switch (kind) {
    case "database":
      return `${psql(id)} -Atc "select word from rows order by at"`;
    case "cache":
      return `docker exec ${id} redis-cli lrange rows 0 -1`;
    default:
      return `cat ${fileIn(kind, pid)}`;
  }
}

function asking({ kind, container: { id, pid } }: { kind: Keeper["kind"]; container: DeployedContainer }): string {
  switch (kind) {
    case "database":
      return `${psql(id)} -c 'select 1'`;
    case "cache":
      return `docker exec ${id} redis-cli ping`;
    case "web":
      return `curl --silent --fail --max-time 5 http://127.0.0.1:${serverPort.web}/health`;
    case "worker":
      return `test -d /proc/${pid}`;
  }
}

/** By TCP, since the server that fills a new cluster answers by the socket alone. */
function psql(id: string): string {
  return `docker exec --env PGPASSWORD=${password} ${id} psql -h 127.0.0.1 -U postgres`;
}

/** A file of the container, as its processes see it. */
function fileIn(kind: "web" | "worker", pid: number): string {
  return `/proc/${pid}/root${dataTarget[kind]}/rows`;
}
