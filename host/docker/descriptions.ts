import { z } from "zod";
import { containerName } from "./container.ts";
import { EngineError, type EngineConnection } from "./connection.ts";

const endpointSchema = z.looseObject({
  NetworkID: z.string().default(""),
  Aliases: z.array(z.string()).nullish(),
  IPAMConfig: z.unknown().optional(),
  Links: z.array(z.string()).nullish(),
  DriverOpts: z.record(z.string(), z.string()).nullish(),
  GwPriority: z.number().nullish(),
});

const mountSchema = z.object({
  Type: z.string(),
  Name: z.string().optional(),
  Destination: z.string(),
  RW: z.boolean().default(true),
});

/** Everything by which the engine can make the same container again. */
export const containerDescription = z.object({
  Id: z.string(),
  Name: z.string().transform(containerName),
  /** The id of its image. */
  Image: z.string(),
  Config: z.looseObject({ Image: z.string(), Hostname: z.string().default("") }),
  HostConfig: z.looseObject({
    NetworkMode: z.string().default(""),
    UTSMode: z.string().default(""),
    Binds: z.array(z.string()).nullish(),
    /** Mounts in the longer form of the engine. */
    Mounts: z.array(z.looseObject({ Type: z.string(), Target: z.string() })).nullish(),
    VolumesFrom: z.array(z.string()).nullish(),
    /** The engine removes it as soon as it ends. */
    AutoRemove: z.boolean().default(false),
    RestartPolicy: z.looseObject({ Name: z.string() }).default({ Name: "" }),
  }),
  Mounts: z.array(mountSchema).default([]),
  NetworkSettings: z.object({ Networks: z.record(z.string(), endpointSchema) }),
});

/** Everything by which the engine can make the same network again. */
export const networkDescription = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string().optional(),
  Internal: z.boolean().optional(),
  Attachable: z.boolean().optional(),
  EnableIPv4: z.boolean().optional(),
  EnableIPv6: z.boolean().optional(),
  IPAM: z.unknown().optional(),
  Options: z.record(z.string(), z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
});

/** A container as the engine describes it. */
export type ContainerDescription = z.output<typeof containerDescription>;
/** A network as the engine describes it. */
export type NetworkDescription = z.output<typeof networkDescription>;
/** A container's place in a network, as the engine describes it. */
export type Endpoint = z.output<typeof endpointSchema>;

const createdSchema = z.object({ Id: z.string() });

/** Containers and networks as the engine describes them, from which it makes the same again. */
export class Descriptions {
  readonly #connection: EngineConnection;

  constructor(connection: EngineConnection) {
    this.#connection = connection;
  }

  /** Undefined if there is no such container. */
  async ofContainer(id: string): Promise<ContainerDescription | undefined> {
    const answer = await this.#find(`/containers/${encodeURIComponent(id)}/json`);
    return answer === undefined ? undefined : containerDescription.parse(answer);
  }

  /** Undefined if there is no such network. */
  async ofNetwork(id: string): Promise<NetworkDescription | undefined> {
    const answer = await this.#find(`/networks/${encodeURIComponent(id)}`);
    return answer === undefined ? undefined : networkDescription.parse(answer);
  }

  /** Makes a container, and returns its id. */
  async create(name: string, body: Readonly<Record<string, unknown>>): Promise<string> {
    const path = `/containers/create?name=${encodeURIComponent(name)}`;
    return createdSchema.parse(await this.#connection.json({ method: "POST", path, body, seconds: 60 })).Id;
  }

  /** Sets when the engine starts a container again. */
  async setRestart(id: string, policy: Readonly<Record<string, unknown>>): Promise<void> {
    const path = `/containers/${encodeURIComponent(id)}/update`;
    await this.#connection.bytes({ method: "POST", path, body: { RestartPolicy: policy }, seconds: 30 });
  }

  /** Joins a container to a network as its endpoint says. */
  async join(network: string, container: string, endpoint: Readonly<Record<string, unknown>>): Promise<void> {
    const path = `/networks/${encodeURIComponent(network)}/connect`;
    const body = { Container: container, EndpointConfig: endpoint };
    await this.#connection.bytes({ method: "POST", path, body, seconds: 60 });
  }

  async #find(path: string): Promise<unknown> {
    try {
      return await this.#connection.json({ method: "GET", path });
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }
}
