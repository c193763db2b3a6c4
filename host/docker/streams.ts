import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { z } from "zod";
import type { EngineConnection } from "./connection.ts";

/** The part of a container's log that is asked for. */
export interface LogRange {
  /** The last lines; undefined for all. */
  readonly tail?: number | undefined;
  /** Seconds since 1970, with a fraction of nine digits at most. */
  readonly since?: string | undefined;
  /** Goes on with what the container prints from now on. */
  readonly follow: boolean;
}

/** A command in a container that runs. */
export interface ExecWish {
  readonly words: readonly string[];
  readonly terminal: boolean;
  /** Rows and columns of the terminal. */
  readonly size?: readonly [number, number] | undefined;
}

const createdSchema = z.object({ Id: z.string() });
const execSchema = z.object({ Running: z.boolean(), ExitCode: z.number().nullish(), Pid: z.number().default(0) });

/** A command in a container: whether it runs, its exit code once it ended, and its process on the server. */
export type ExecState = z.output<typeof execSchema>;

/** What goes on for a time: logs that are followed, and commands in containers. */
export class Streams {
  readonly #connection: EngineConnection;

  constructor(connection: EngineConnection) {
    this.#connection = connection;
  }

  /** The bytes of a container's log, each message with its time. */
  async log(id: string, { tail, since, follow }: LogRange, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const range = `tail=${tail ?? "all"}${since === undefined ? "" : `&since=${since}`}${follow ? "&follow=1" : ""}`;
    const path = `/containers/${encodeURIComponent(id)}/logs?stdout=1&stderr=1&timestamps=1&${range}`;
    return await this.#connection.stream({ method: "GET", path, signal });
  }

  /** Makes a command for a container, and returns its id; `attach` starts it. */
  async exec(container: string, { words, terminal, size }: ExecWish): Promise<string> {
    const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
    const body = { ...streams, Tty: terminal, Cmd: words, ...(size !== undefined && { ConsoleSize: size }) };
    const path = `/containers/${encodeURIComponent(container)}/exec`;
    return createdSchema.parse(await this.#connection.json({ method: "POST", path, body })).Id;
  }

  /** Starts a command, and gives the connection with its input and output. */
  async attach(exec: string, terminal: boolean): Promise<Duplex> {
    const body = { Detach: false, Tty: terminal };
    return await this.#connection.duplex({ method: "POST", path: `/exec/${encodeURIComponent(exec)}/start`, body });
  }

  async execState(exec: string): Promise<ExecState> {
    return execSchema.parse(
      await this.#connection.json({ method: "GET", path: `/exec/${encodeURIComponent(exec)}/json` }),
    );
  }

  /** Tells a command's terminal its size. */
  async resize(exec: string, [rows, columns]: readonly [number, number]): Promise<void> {
    const path = `/exec/${encodeURIComponent(exec)}/resize?h=${rows}&w=${columns}`;
    await this.#connection.bytes({ method: "POST", path });
  }
}
