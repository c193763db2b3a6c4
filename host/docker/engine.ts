import { z } from "zod";
import type { VolumeMaking } from "../../model/data-place.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";
import {
  imageSchema,
  infoSchema,
  listSchema,
  membersSchema,
  networkSchema,
  versionSchema,
  volumeSchema,
  type EngineNetwork,
  type EngineVersion,
  type EngineVolume,
} from "./answers.ts";
import { EngineConnection, EngineError } from "./connection.ts";
import { composeLabel, containerOf, containersOfProject, inspectionSchema, type Container } from "./container.ts";
import { Descriptions } from "./descriptions.ts";
import { eventsOf, type EngineEvent } from "./events.ts";
import { ImageStore } from "./image-store.ts";
import { plainLog } from "./plain-log.ts";
import { pullImage, type PullWords } from "./pull.ts";
import { Streams } from "./streams.ts";

export type { EngineNetwork, EngineVersion, EngineVolume } from "./answers.ts";

/** A network as the engine is asked to make it. */
export interface NetworkSpec {
  readonly Name: string;
  readonly [field: string]: unknown;
}

/** A container's place in a network. */
interface Connection {
  readonly aliases: readonly string[];
  /** Undefined for any. */
  readonly address: string | undefined;
}

/** How a volume is made; what is not given is the engine's default. */
interface VolumeForm extends VolumeMaking {
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** An image that is on the server. */
interface LocalImage {
  readonly id: string;
  /** Such as linux/amd64. */
  readonly platform: string;
}

/** The Docker engine of this server: the dozen questions that slipway has for it. */
export class Engine {
  readonly descriptions: Descriptions;
  readonly streams: Streams;
  readonly store: ImageStore;
  readonly #connection: EngineConnection;

  constructor(connection = new EngineConnection()) {
    this.#connection = connection;
    this.descriptions = new Descriptions(connection);
    this.streams = new Streams(connection);
    this.store = new ImageStore(connection);
  }

  async version(): Promise<EngineVersion> {
    return versionSchema.parse(await this.#get("/version"));
  }

  /** The folder in which the engine keeps images and volumes. */
  async root(): Promise<string> {
    return infoSchema.parse(await this.#get("/info")).DockerRootDir;
  }

  /** All containers, or those with a label; a container removed meanwhile is skipped. */
  async containers(labels: readonly string[] = []): Promise<Container[]> {
    const filters = labels.length === 0 ? "" : `&filters=${query({ label: labels })}`;
    const list = listSchema.parse(await this.#get(`/containers/json?all=1${filters}`));
    const found = await Promise.all(list.map(({ Id: id }) => this.container(id)));
    return found.filter((container) => container !== undefined);
  }

  /** The containers of a compose project. A foreign one that only says so is not among them (F133). */
  async project(name: string): Promise<Container[]> {
    const labelled = await this.containers([`${composeLabel.project}=${name}`]);
    return containersOfProject(labelled, name);
  }

  /** A container by its id or name; undefined if there is none. */
  async container(id: string): Promise<Container | undefined> {
    const answer = await this.#find(`/containers/${encodeURIComponent(id)}/json`);
    return answer === undefined ? undefined : containerOf(inspectionSchema.parse(answer));
  }

  /** An image by its reference; undefined if it is not on the server. */
  async image(reference: string): Promise<LocalImage | undefined> {
    const answer = await this.#find(`/images/${encodeURIComponent(reference)}/json`);
    if (answer === undefined) return undefined;
    const { Id, Os, Architecture } = imageSchema.parse(answer);
    return { id: Id, platform: `${Os}/${Architecture}` };
  }

  /** Pulls an image by digest, with the login for its registry if there is one. */
  async pull(...[reference, logins, signal, heard]: PullWords): Promise<void> {
    await pullImage(this.#connection, reference, logins, signal, heard);
  }

  async networks(): Promise<EngineNetwork[]> {
    return z.array(networkSchema).parse(await this.#get("/networks"));
  }

  async volumes(): Promise<EngineVolume[]> {
    const answer = z.object({ Volumes: z.array(volumeSchema).nullish() }).parse(await this.#get("/volumes"));
    return answer.Volumes ?? [];
  }

  async createNetwork(spec: NetworkSpec): Promise<void> {
    await this.#connection.json({ method: "POST", path: "/networks/create", body: spec, seconds: 30 });
  }

  /** The ids of the running containers in a network. */
  async membersOf(network: string): Promise<string[]> {
    const answer = await this.#find(`/networks/${encodeURIComponent(network)}`);
    return answer === undefined ? [] : Object.keys(membersSchema.parse(answer).Containers ?? {});
  }

  /** Joins a container to a network, under further names and at an address. */
  async connect(network: string, container: string, { aliases, address }: Connection): Promise<void> {
    const config = address === undefined ? {} : { IPAMConfig: { IPv4Address: address } };
    const body = { Container: container, EndpointConfig: { Aliases: aliases, ...config } };
    const path = `/networks/${encodeURIComponent(network)}/connect`;
    await this.#connection.bytes({ method: "POST", path, body, seconds: 60 });
  }

  /** 404: one of them is gone. */
  async disconnect(network: string, container: string): Promise<void> {
    const path = `/networks/${encodeURIComponent(network)}/disconnect`;
    try {
      await this.#connection.bytes({ method: "POST", path, body: { Container: container, Force: true }, seconds: 60 });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.status !== 404 && !/is not connected/.test(error.message)) throw error;
    }
  }

  async removeNetwork(id: string): Promise<void> {
    await this.#remove(`/networks/${encodeURIComponent(id)}`);
  }

  async createVolume(name: string, { driver, options, labels }: VolumeForm = {}): Promise<void> {
    const body = { Name: name, Driver: driver, DriverOpts: options, Labels: labels };
    await this.#connection.json({ method: "POST", path: "/volumes/create", body, seconds: 30 });
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#post(`/containers/${encodeURIComponent(id)}/rename?name=${encodeURIComponent(name)}`, 30);
  }

  async start(id: string): Promise<void> {
    await this.#post(`/containers/${encodeURIComponent(id)}/start`, 60);
  }

  async stop(id: string): Promise<void> {
    await this.#post(`/containers/${encodeURIComponent(id)}/stop`, 300);
  }

  async restart(id: string): Promise<void> {
    await this.#post(`/containers/${encodeURIComponent(id)}/restart`, 300);
  }

  async unpause(id: string): Promise<void> {
    await this.#post(`/containers/${encodeURIComponent(id)}/unpause`, 30);
  }

  /** Returns when a container has ended, or the engine breaks off. */
  async waitForEnd(id: string, signal: AbortSignal): Promise<void> {
    await this.#connection.end({ method: "POST", path: `/containers/${encodeURIComponent(id)}/wait`, signal });
  }

  /** Removes a container; its named volumes stay. */
  async removeContainer(id: string): Promise<void> {
    await this.#remove(`/containers/${encodeURIComponent(id)}?force=1`);
  }

  /** The last lines that a container printed, as they came. */
  async logs(id: string, lines: number): Promise<string> {
    const path = `/containers/${encodeURIComponent(id)}/logs?stdout=1&stderr=1&tail=${lines}`;
    return plainLog(await this.#connection.bytes({ method: "GET", path }));
  }

  /** Everything that a container printed since a time, as it came. */
  async logsSince(id: string, since: Date): Promise<string> {
    const seconds = (since.getTime() / 1000).toFixed(3);
    const path = `/containers/${encodeURIComponent(id)}/logs?stdout=1&stderr=1&since=${seconds}`;
    return plainLog(await this.#connection.bytes({ method: "GET", path }));
  }

  /** Events of containers as they happen, until the signal ends them. */
  events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    return eventsOf(this.#connection, signal);
  }

  /** Runs something for the engine, and names the phase if the engine fails. */
  static async during<Result>(phase: string, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure(phase, `${messageOf(error)}; look at the engine's log, then run slipway again`);
    }
  }

  async #get(path: string): Promise<unknown> {
    return await this.#connection.json({ method: "GET", path });
  }

  async #find(path: string): Promise<unknown> {
    try {
      return await this.#get(path);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** 304: it is so already. */
  async #post(path: string, seconds: number): Promise<void> {
    try {
      await this.#connection.bytes({ method: "POST", path, seconds });
    } catch (error) {
      if (!(error instanceof EngineError && [304, 404].includes(error.status))) throw error;
    }
  }

  /** 404: it is gone; 409: its removal is under way. */
  async #remove(path: string): Promise<void> {
    try {
      await this.#connection.bytes({ method: "DELETE", path, seconds: 60 });
    } catch (error) {
      const gone = error instanceof EngineError && error.status === 404;
      const going = error instanceof EngineError && /already in progress/.test(error.message);
      if (!gone && !going) throw error;
    }
  }
}

function query(filters: Readonly<Record<string, readonly string[]>>): string {
  return encodeURIComponent(JSON.stringify(filters));
}
