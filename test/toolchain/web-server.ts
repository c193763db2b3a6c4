import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { onTestFinished } from "vitest";

/** A web server on the loopback interface that logs its requests. */
export interface WebServer {
  readonly url: string;
  /** One line for each request: method, path, and the range if there is one. */
  readonly requests: string[];
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a web server that stops when the test ends. */
export async function webServer(answer: Answer): Promise<WebServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range].filter(Boolean).join(" "));
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

/** Serves these files, with support for ranges. */
export function files(content: Readonly<Record<string, Buffer | string>>): Answer {
  return (request, response) => {
    const body = content[request.url ?? ""];
    if (body === undefined) return void response.writeHead(404).end();
    const bytes = Buffer.from(body);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from >= bytes.length) return void response.writeHead(416).end();
    response.writeHead(from > 0 ? 206 : 200, { "content-length": bytes.length - from });
    response.end(request.method === "HEAD" ? undefined : bytes.subarray(from));
  };
}
