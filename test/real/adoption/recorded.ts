import { z } from "zod";
import type { TestServer } from "../../hosts/servers.ts";
import { runOn } from "../deployment/containers.ts";

/** A container as its maker left it: all that must be as before when it runs again. */
export interface RecordedContainer {
  readonly name: string;
  readonly service: string;
  readonly image: string;
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly mounts: readonly string[];
  /** The names in each network by which others reach it. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  readonly ports: unknown;
  readonly restart: string;
  readonly healthTest: readonly string[];
  /** Such as "running, healthy"; a job that has ended and one that was made again are both "not running". */
  readonly state: string;
}

/** What somebody runs on a server: the containers of one compose project, and its networks. */
export interface Recorded {
  readonly containers: readonly RecordedContainer[];
  readonly networks: readonly string[];
}

const names = z.array(z.string()).nullable();

const inspected = z.array(
  z.object({
    Name: z.string(),
    Image: z.string(),
    Path: z.string(),
    Args: z.array(z.string()),
    State: z.object({
      Status: z.string(),
      Health: z.object({ Status: z.string() }).optional(),
    }),
    Config: z.object({
      Env: names,
      Labels: z.record(z.string(), z.string()).nullable(),
      Healthcheck: z.object({ Test: names }).optional(),
    }),
    HostConfig: z.object({
      RestartPolicy: z.object({ Name: z.string(), MaximumRetryCount: z.number() }),
      PortBindings: z.unknown(),
    }),
    Mounts: z.array(
      z.object({ Type: z.string(), Source: z.string(), Destination: z.string(), Mode: z.string(), RW: z.boolean() }),
    ),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ Aliases: names })) }),
  }),
);

type Inspected = z.infer<typeof inspected>[number];

/** Reads what a compose project has on a server, also containers that have ended. */
export async function recordOf(server: TestServer, project: string): Promise<Recorded> {
  const filter = `--filter label=com.docker.compose.project=${project}`;
  const containers = `ids=$(docker ps --all --quiet ${filter}); [ -z "$ids" ] || docker inspect $ids`;
  const text = await runOn(server, containers);
  const networks = await runOn(server, `docker network ls --format '{{.Name}}' ${filter}`);
  return {
    containers: inspected
      .parse(text === "" ? [] : JSON.parse(text))
      .map(containerOf)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    networks: networks.split("\n").sort(),
  };
}

function containerOf(container: Inspected): RecordedContainer {
  const { Name, Image, Path, Args, State, Config, HostConfig, Mounts, NetworkSettings } = container;
  const labels = Config.Labels ?? {};
  const { Name: policy, MaximumRetryCount: retries } = HostConfig.RestartPolicy;
  const networks = Object.entries(NetworkSettings.Networks).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: Name.slice(1),
    service: labels["com.docker.compose.service"] ?? "",
    image: Image,
    env: [...(Config.Env ?? [])].sort(),
    labels,
    command: [Path, ...Args],
    mounts: Mounts.map(mountText).sort(),
    networks: Object.fromEntries(networks.map(([network, { Aliases }]) => [network, aliasesOf(Aliases ?? [])])),
    ports: HostConfig.PortBindings,
    restart: `${policy} ${retries}`,
    healthTest: Config.Healthcheck?.Test ?? [],
    state: State.Status === "running" ? runningState(State.Health) : "not running",
  };
}

function mountText({ Type, Source, Destination, Mode, RW }: Inspected["Mounts"][number]): string {
  return `${Type} ${Source} at ${Destination} (${[Mode, RW ? "rw" : "ro"].join(" ")})`;
}

/** The engine adds the beginning of the container's id, which is another one for each container. */
function aliasesOf(aliases: readonly string[]): string[] {
  return [...new Set(aliases)].filter((alias) => !/^[0-9a-f]{12}$/.test(alias)).sort();
}

function runningState(health: { readonly Status: string } | undefined): string {
  return health === undefined ? "running" : `running, ${health.Status}`;
}
