import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { probe } from "../../../host/health/probe.ts";

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function asks(answer: RequestListener, path: string | undefined = "/health") {
  const port = await portOf(createServer(answer));
  return await probe({ address: "127.0.0.1", port, path, seconds: 0.3 });
}

describe("a probe", () => {
  it.each([
    [200, true],
    [204, true],
    [302, false],
    [404, false],
    [503, false],
  ])("of a service that answers %i is good: %s", async (status, good) => {
    const answer = await asks((_request, response) => void response.writeHead(status).end("body"));
    expect(answer).toEqual({ good, words: String(status) });
  });

  it("asks the path, under a name that services accept", async () => {
    let asked: unknown;
    await asks((request, response) => {
      asked = [request.url, request.headers.host, request.headers["user-agent"]];
      response.end();
    }, "/ready?deep=1");
    expect(asked).toEqual(["/ready?deep=1", "localhost", "slipway"]);
  });

  it("needs only an open port where the service names no path", async () => {
    const port = await portOf(createSocketServer());
    expect(await probe({ address: "127.0.0.1", port, path: undefined })).toEqual({ good: true, words: "open" });
  });

  it("is not good if the service hangs, whatever else it sends before a status", async () => {
    expect(await asks(() => undefined)).toEqual({ good: false, words: "nothing within 0.3 s" });
    const port = await portOf(createSocketServer((socket) => void socket.write("\n".repeat(50))));
    const answer = await probe({ address: "127.0.0.1", port, path: "/", seconds: 0.3 });
    expect(answer.good).toBe(false);
  });

  it("is not good if the service wants to speak another protocol, and is over at once", async () => {
    const change = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    const port = await portOf(createSocketServer((socket) => void socket.write(change)));
    const answer = await probe({ address: "127.0.0.1", port, path: "/", seconds: 0.3 });
    expect(answer).toEqual({ good: false, words: "no answer of HTTP" });
  });

  it("is not good if nobody listens", async () => {
    const port = await portOf(createSocketServer());
    const answer = await probe({ address: "127.0.0.2", port, path: undefined });
    expect(answer).toMatchObject({ good: false, words: expect.stringContaining("ECONNREFUSED") as string });
  });
});
