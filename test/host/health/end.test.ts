import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { Engine } from "../../../host/docker/engine.ts";
import { awaitEnd } from "../../../host/health/end.ts";
import { appContainer } from "../project/containers.ts";

type Answer = (asked: IncomingMessage, answer: ServerResponse) => void;

/** An engine at a socket of its own, which can be away for a while. */
function engine(answer: Answer) {
  const folder = mkdtempSync(join(tmpdir(), "slipway-end-"));
  const socket = join(folder, "engine.sock");
  let server = createServer(answer);
  const start = (): Promise<void> => new Promise((resolve) => server.listen(socket, resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      server = createServer(answer);
    });
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  return { engine: new Engine(new EngineConnection(socket)), start, stop };
}

const told = (status: string, code = 0): string =>
  JSON.stringify(
    appContainer(({ State: state }) => {
      state.Status = status;
      state.ExitCode = code;
    }).inspection,
  );

describe("waiting for the end of a container", () => {
  it("goes on over a restart of the engine, and takes what the engine says of the container then (F25)", async () => {
    let ended = false;
    const waits: (() => void)[] = [];
    const {
      engine: asked,
      start,
      stop,
    } = engine((request, answer) => {
      if (request.method === "GET") answer.end(told(ended ? "exited" : "running", ended ? 4 : 0));
      else {
        answer.flushHeaders();
        waits.shift()?.();
      }
    });
    await start();
    const waited = new Promise<void>((resolve) => waits.push(resolve));
    const end = awaitEnd(asked, "ab", AbortSignal.timeout(30_000));
    await waited;
    await stop();
    ended = true;
    await start();
    expect(await end).toMatchObject({ state: "exited", exitCode: 4 });
  });

  it("tells that a container is gone", async () => {
    const { engine: asked, start } = engine((_request, answer) => answer.writeHead(404).end("{}"));
    await start();
    expect(await awaitEnd(asked, "ab", AbortSignal.timeout(30_000))).toBeUndefined();
  });

  it("ends at its deadline", async () => {
    const { engine: asked, start } = engine((request, answer) => {
      if (request.method === "GET") answer.end(told("running"));
      else answer.flushHeaders();
    });
    await start();
    await expect(awaitEnd(asked, "ab", AbortSignal.timeout(300))).rejects.toThrow("The operation was aborted");
  });
});
