import fc from "fast-check";
import type { Json, JsonMap } from "../../../model/json.ts";
import { fieldsOf } from "../../real/compose/arbitrary-service.ts";

/** A compose file with the stack's own settings for it. */
export interface RandomApplication {
  readonly compose: JsonMap;
  /** By service. */
  readonly services: Readonly<Record<string, JsonMap>>;
  readonly ports: Readonly<Record<string, JsonMap>>;
}

/** The services of every file; each may only wait for those before it. */
const names = ["store", "queue", "api", "web", "front"] as const;

/** Fields of which others of this file decide, or that mean something only together with others. */
const elsewhere = ["ports", "volumes", "depends_on", "deploy", "hostname", "restart", "healthcheck", "mem_limit"];

/** What one service says and what the stack says of it. */
interface RandomService {
  readonly release: boolean;
  readonly fields: JsonMap;
  readonly networks: readonly string[];
  readonly mounts: readonly number[];
  readonly ports: number;
  readonly waits: readonly (readonly [which: number, condition: string])[];
  readonly hostname: boolean;
  readonly alias: boolean;
  readonly envFile: boolean;
}

const passed: fc.Arbitrary<JsonMap> = fc
  .subarray(
    Object.entries(fieldsOf("1")).filter(([field]) => !elsewhere.includes(field)),
    { maxLength: 7 },
  )
  .chain((chosen) => fc.record(Object.fromEntries(chosen)));

const anyService: fc.Arbitrary<RandomService> = fc.record({
  release: fc.boolean(),
  fields: passed,
  networks: fc.subarray(["outer", "inner", "default"]),
  mounts: fc.subarray([0, 1, 2, 3, 4, 5]),
  ports: fc.nat(2),
  waits: fc.array(fc.tuple(fc.nat(4), fc.constantFrom("service_started", "service_healthy")), { maxLength: 2 }),
  hostname: fc.boolean(),
  alias: fc.boolean(),
  envFile: fc.boolean(),
});

/** An application over the parts of the specification that slipway carries. */
export const anyApplication: fc.Arbitrary<RandomApplication> = fc
  .tuple(fc.integer({ min: 1, max: names.length }), fc.array(anyService, { minLength: 5, maxLength: 5 }))
  .map(([count, services]) => applicationOf(names.slice(0, count).map((name, at) => [name, serviceAt(services, at)])));

function serviceAt(services: readonly RandomService[], at: number): RandomService {
  const service = services[at];
  if (service === undefined) throw new Error("there are too few services");
  return service;
}

type Named = readonly [name: string, service: RandomService];

function applicationOf(all: readonly Named[]): RandomApplication {
  return {
    compose: {
      services: Object.fromEntries(
        all.map((named, at) => [named[0], fieldsFor(named, portsFor(named, at), all.slice(0, at))]),
      ),
      networks: { outer: null, inner: { internal: true } },
      volumes: Object.fromEntries(all.map(([name]) => [`${name}-data`, null])),
      secrets: { token: { environment: "TOKEN" } },
      configs: { motd: { content: "hello ${SET}" } },
    },
    services: Object.fromEntries(
      all.map(([name, { release }]) => [name, { openSecrets: true, ...(release && { release, port: 8080 }) }]),
    ),
    ports: Object.fromEntries(
      all
        .map((named, at) => [named[0], portsFor(named, at)] as const)
        .filter(([, ports]) => Object.keys(ports).length > 0),
    ),
  };
}

const mounts = (name: string): readonly Json[] => [
  `${name}-data:/var/lib/app`,
  "./conf/one.txt:/etc/one.txt:ro",
  "/etc/localtime:/etc/localtime:ro",
  "/cache",
  { type: "tmpfs", target: "/scratch", tmpfs: { size: 1_048_576 } },
  { type: "bind", source: "./conf", target: "/conf", read_only: true, bind: { propagation: "rprivate" } },
];

function fieldsFor([name, service]: Named, ports: Ports, before: readonly Named[]): JsonMap {
  const { fields, networks, release, hostname, alias, envFile } = service;
  const published = Object.entries(ports).map(([target, port]) => `${port}:${target}`);
  const chosen = service.mounts.flatMap((at) => mounts(name)[at] ?? []);
  const waits = service.waits.flatMap(([which, condition]): [string, Json][] => {
    const other = before[which];
    return other === undefined || isCycle(service, other, before) ? [] : [[other[0], { condition }]];
  });
  const joined = networks.map((network): [string, Json] => [network, alias ? { aliases: [`${name}-alias`] } : null]);
  return {
    image: `example/${name}:1`,
    ...(release && { build: "." }),
    ...fields,
    healthcheck: { test: ["CMD", "true"], interval: "5s" },
    ...(chosen.length > 0 && { volumes: chosen }),
    ...(waits.length > 0 && { depends_on: Object.fromEntries(waits) }),
    ...(joined.length > 0 && { networks: Object.fromEntries(joined) }),
    ...(hostname && { hostname: `${name}-host` }),
    ...(published.length > 0 && { ports: published }),
    ...(envFile && { env_file: ".env" }),
    ...(alias && { secrets: ["token"], configs: [{ source: "motd", target: "/etc/motd" }] }),
  };
}

/** A service of the release that waits for one which waits for the release: slipway refuses this alone. */
function isCycle({ release }: RandomService, other: Named, before: readonly Named[]): boolean {
  return release && !other[1].release && waitsForRelease(other, before);
}

/** Whether a service waits for one of the release, itself or through others. */
function waitsForRelease([name, { waits }]: Named, all: readonly Named[]): boolean {
  const before = all.slice(
    0,
    all.findIndex(([one]) => one === name),
  );
  return waits.some(([which]) => {
    const other = before[which];
    return other !== undefined && (other[1].release || waitsForRelease(other, before));
  });
}

/** By container port: the server's, in the file and in the stack. */
type Ports = Readonly<Record<string, number>>;

function portsFor([, { ports }]: Named, at: number): Ports {
  return Object.fromEntries([8080, 9090].slice(0, ports).map((port, index) => [port, 20_000 + at * 10 + index]));
}
