import { dirname } from "node:path";
import { z } from "zod";

/** The labels by which Compose knows its containers. What they say of a container is never trusted alone. */
export const composeLabel = {
  project: "com.docker.compose.project",
  service: "com.docker.compose.service",
  number: "com.docker.compose.container-number",
  oneOff: "com.docker.compose.oneoff",
  /** The id of the image that the container was made from. */
  image: "com.docker.compose.image",
  /** Compose may set it while it replaces a container. */
  replaces: "com.docker.compose.replace",
  /** The folder in which Compose was run. */
  folder: "com.docker.compose.project.working_dir",
  /** The services that the container's own needs, with what it waits for. */
  needs: "com.docker.compose.depends_on",
} as const;

const mountSchema = z.object({
  Type: z.string(),
  Name: z.string().optional(),
  Source: z.string().default(""),
  Destination: z.string(),
  RW: z.boolean(),
});

const networkSchema = z.object({
  NetworkID: z.string().default(""),
  IPAddress: z.string().default(""),
  Aliases: z.array(z.string()).nullish(),
});

const portSchema = z.object({ HostIp: z.string().default(""), HostPort: z.string().default("") });

/** The engine's answer about one container, as far as slipway reads it. */
export const inspectionSchema = z.object({
  Id: z.string().regex(/^[0-9a-f]{64}$/),
  Name: z.string(),
  Image: z.string(),
  /** Of engines that keep images for several platforms. */
  ImageManifestDescriptor: z.object({ digest: z.string() }).nullish(),
  RestartCount: z.number(),
  /** Written when the container first starts; below the engine's folder, in the folder of the container. */
  ResolvConfPath: z.string().default(""),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    Pid: z.number(),
    StartedAt: z.string(),
    FinishedAt: z.string(),
    Health: z.object({ Status: z.string() }).nullish(),
  }),
  Config: z.looseObject({
    Image: z.string(),
    User: z.string().default(""),
    Env: z.array(z.string()).nullish(),
    Cmd: z.array(z.string()).nullish(),
    Entrypoint: z.array(z.string()).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Healthcheck: z.unknown().optional(),
    StopTimeout: z.number().nullish(),
  }),
  HostConfig: z.looseObject({
    Memory: z.number().default(0),
    Privileged: z.boolean().default(false),
    ReadonlyRootfs: z.boolean().default(false),
    CapAdd: z.array(z.string()).nullish(),
    CapDrop: z.array(z.string()).nullish(),
    RestartPolicy: z.object({ Name: z.string() }).default({ Name: "" }),
    LogConfig: z.unknown().optional(),
    PortBindings: z.record(z.string(), z.array(portSchema).nullable()).nullish(),
  }),
  Mounts: z.array(mountSchema),
  NetworkSettings: z.object({
    Networks: z.record(z.string(), networkSchema),
    Ports: z.record(z.string(), z.array(portSchema).nullable()).nullish(),
  }),
});

type Inspection = z.output<typeof inspectionSchema>;

/** A container's place in a network. */
interface NetworkPlace {
  readonly address: string;
  readonly id: string;
  readonly aliases: readonly string[];
}

/** A container as slipway knows it. Every text in it came from outside: it is compared and shown, never evaluated. */
export interface Container {
  readonly id: string;
  readonly name: string;
  /** Its compose project; empty where Compose did not make it. */
  readonly project: string;
  readonly service: string;
  /** Its number among the containers of its service, as Compose counts them. */
  readonly number: number;
  /** Run by hand with `docker compose run`. */
  readonly oneOff: boolean;
  /** The reference that it was made with. */
  readonly image: string;
  readonly imageId: string;
  readonly state: string;
  /** Docker's word on its health check; empty where it has none. */
  readonly health: string;
  readonly exitCode: number;
  readonly restarts: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly pid: number;
  readonly restartPolicy: string;
  /** By network: its address and names there, and the network's id, empty if it never ran there. */
  readonly networks: ReadonlyMap<string, NetworkPlace>;
  readonly mounts: readonly { readonly type: string; readonly source: string; readonly target: string }[];
  /** The folder in which the engine keeps its files; undefined until it first starts. */
  readonly folder: string | undefined;
  /** Everything that the engine said. */
  readonly inspection: Inspection;
}

/** A container, from the engine's answer about it. */
export function containerOf(inspection: Inspection): Container {
  const { State: state, Config: config, HostConfig: host, NetworkSettings: settings } = inspection;
  const labels = config.Labels ?? {};
  const networks = Object.entries(settings.Networks).map(
    ([name, { IPAddress: address, NetworkID: id, Aliases: aliases }]) =>
      [name, { address, id, aliases: aliases ?? [] }] as const,
  );
  return {
    id: inspection.Id,
    name: containerName(inspection.Name),
    project: labels[composeLabel.project] ?? "",
    service: labels[composeLabel.service] ?? "",
    number: Number(labels[composeLabel.number] ?? 1),
    oneOff: labels[composeLabel.oneOff] === "True",
    image: config.Image,
    imageId: inspection.Image,
    state: state.Status,
    health: state.Health?.Status ?? "",
    exitCode: state.ExitCode,
    restarts: inspection.RestartCount,
    startedAt: state.StartedAt,
    finishedAt: state.FinishedAt,
    pid: state.Pid,
    restartPolicy: host.RestartPolicy.Name,
    networks: new Map(networks),
    mounts: inspection.Mounts.map(({ Type, Name, Source, Destination }) => ({
      type: Type,
      source: Type === "volume" ? (Name ?? "") : Source,
      target: Destination,
    })),
    folder: inspection.ResolvConfPath === "" ? undefined : dirname(inspection.ResolvConfPath),
    inspection,
  };
}

/** The name of a container, which the engine tells with a slash before it. */
export function containerName(told: string): string {
  return told.replace(/^\//, "");
}

/**
 * Tells whether a container is of the project that its labels name. Any image may bring labels: one that Compose built
 * has that of its project. So a container is also called as ours are, or has the label in which Compose notes the image
 * that it made the container from: no image can bring its own id (F133).
 */
export function isOfItsProject(container: Container, names: ReadonlyMap<string, string> = new Map()): boolean {
  const { project, name, inspection } = container;
  if (project === "") return false;
  const called = name.replace(/^[0-9a-f]{12}_/, ""); // as Compose calls one while it makes the next
  if (names.has(called) || called.startsWith(`${project}-`)) return true;
  const image = inspection.Config.Labels?.[composeLabel.image];
  return image !== undefined && [inspection.Image, inspection.ImageManifestDescriptor?.digest].includes(image);
}

/** Tells whether a container has not ended: it runs, or is paused, or the engine is about to start it again. */
export function isUp({ state }: Pick<Container, "state">): boolean {
  return state === "running" || state === "restarting" || state === "paused";
}

/** Seconds that a container has to end after it is told to: what its service declares, or the engine's default. */
export function graceOf({ inspection }: Pick<Container, "inspection">): number {
  return inspection.Config.StopTimeout ?? 10;
}

/** Tells whether Docker chose the name of a volume, which only one container has. */
export function isAnonymousVolume(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** An id in the short form in which people see it. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

/** The containers that are really of a compose project. */
export function containersOfProject(
  containers: readonly Container[],
  project: string,
  names?: ReadonlyMap<string, string>,
): Container[] {
  return containers.filter((container) => container.project === project && isOfItsProject(container, names));
}

/** The containers of a service, without those that `docker compose run` made. */
export function replicasOf(containers: readonly Container[], service: string): Container[] {
  return containers.filter((container) => container.service === service && !container.oneOff);
}

/** An address of a container in one of its networks; undefined while it has none. */
export function addressOf({ networks }: Pick<Container, "networks">): string | undefined {
  return [...networks.values()].map(({ address }) => address).find((address) => address !== "");
}
