import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pipeline } from "node:stream";
import { onTestFinished } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { Engine } from "../../../host/docker/engine.ts";

const engineSocket = "/var/run/docker.sock";

/** Where a request is cut: before the engine gets it, after it acted and before it answers, or in its answer. */
export type Cut = "before" | "after" | "within";

/**
 * This machine's own engine behind a socket that breaks off at a request of choice, as an engine does that is
 * restarted: every connection ends, and for a moment nobody listens. The engine itself, which others use, works on.
 */
export class CutEngine {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-cut-"));
  readonly socket = join(this.folder, "docker.sock");
  /** Every request so far, such as `POST /v1.41/containers/create`. */
  readonly asked: string[] = [];
  #cut: { at: number; how: Cut } | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #isAway = false;

  private constructor() {
    onTestFinished(() => {
      this.#close();
      rmSync(this.folder, { recursive: true });
    });
  }

  static async open(): Promise<CutEngine> {
    const engine = new CutEngine();
    await engine.#listen();
    return engine;
  }

  /** Counts from here on, and breaks off once, at the n-th request; without a number it never does. */
  cutAt(at?: number, how: Cut = "before"): void {
    this.asked.length = 0;
    this.#cut = at === undefined ? undefined : { at, how };
  }

  /** Runs something for which this is the engine, of the program itself and of its `docker compose`. */
  async during<Result>(act: (engine: Engine) => Promise<Result>): Promise<Result> {
    const before = process.env["PATH"] ?? "";
    const script = `#!/bin/sh\nPATH='${before}' DOCKER_HOST='unix://${this.socket}' exec docker "$@"\n`;
    writeFileSync(join(this.folder, "docker"), script, { mode: 0o755 });
    process.env["PATH"] = this.folder + delimiter + before;
    try {
      return await act(new Engine(new EngineConnection(this.socket)));
    } finally {
      process.env["PATH"] = before;
    }
  }

  async #listen(): Promise<void> {
    const server = createServer((asked, answer) => this.#forward(asked, answer));
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.socket, resolve));
  }

  /** The engine goes away for a moment. */
  #restart(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#close();
    setTimeout(() => {
      this.#isAway = false;
      void this.#listen();
    }, 300);
  }

  #close(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #forward(asked: IncomingMessage, answer: ServerResponse): void {
    const { method, url, headers } = asked;
    this.asked.push(`${method ?? ""} ${url ?? ""}`);
    const how = this.asked.length === this.#cut?.at ? this.#cut.how : undefined;
    if (how === "before") {
      this.#restart();
      return;
    }
    const call = request({ socketPath: engineSocket, method, path: url, headers }, (found) => {
      if (how === "after") this.#restart();
      else if (how === "within") found.once("data", (part: Buffer) => this.#half(found, answer, part));
      else {
        answer.writeHead(found.statusCode ?? 500, found.headers);
        answer.flushHeaders();
        pipeline(found, answer, () => undefined);
      }
      if (how !== undefined) found.resume();
      if (how === "within") found.once("end", () => this.#restart());
    });
    call.once("error", () => answer.destroy());
    answer.once("close", () => call.destroy());
    asked.pipe(call);
  }

  #half(found: IncomingMessage, answer: ServerResponse, part: Buffer): void {
    answer.writeHead(found.statusCode ?? 500, found.headers);
    answer.write(part.subarray(0, Math.floor(part.length / 2)), () => this.#restart());
  }
}
