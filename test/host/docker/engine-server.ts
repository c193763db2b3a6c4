import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A socket that answers as a test says, for what no engine on this machine does. */
export interface EngineServer {
  readonly socket: string;
  /** Every question so far, such as `GET /_ping`. */
  readonly asked: string[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Listens until the test ends. The version of the API is what the engine tells when it is asked for a sign of life. */
export async function engineServer(version: string | undefined, answer: Answer): Promise<EngineServer> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-engine-"));
  const socket = join(folder, "docker.sock");
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const question = `${request.method ?? ""} ${request.url ?? ""}`;
    asked.push(question);
    if (question !== "GET /_ping") {
      answer(request, response, asked.filter((one) => one === question).length);
      return;
    }
    response.writeHead(200, version === undefined ? {} : { "api-version": version });
    response.end("OK");
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { socket, asked };
}
