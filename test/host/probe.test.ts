import { createServer, type RequestListener } from "node:http";
import { createServer as createListener, type AddressInfo, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
let open: Server[];
beforeEach(() => {
  host = new LocalHost();
  open = [];
});
afterEach(() => {
  for (const server of open) server.close();
  host.remove();
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** The probe's verdict on a port, `good` or `bad`, with the answer. */
async function probe(port: number, path = ""): Promise<string> {
  const script =
    `probe_seconds=1; if probe_is_good 127.0.0.1 ${port} ${path}; then printf good; else printf bad; fi; ` +
    `echo " $probe_answer"`;
  return (await host.source(staging, script)).stdout.trim();
}

const answering = (listener: RequestListener): Promise<number> => listen(createServer(listener));

describe("a probe", () => {
  it.each([
    { status: 200, says: "good 200" },
    { status: 204, says: "good 204" },
    { status: 302, says: "good 302" },
    { status: 404, says: "bad 404" },
    { status: 503, says: "bad 503" },
  ])("takes an answer of $status as $says", async ({ status, says }) => {
    const port = await answering((_, response) => response.writeHead(status).end());
    expect(await probe(port, "/health")).toBe(says);
  });

  it("asks for the path as a client of HTTP/1.1 that closes", async () => {
    let asked = "";
    const port = await answering((request, response) => {
      const { method = "", url = "", httpVersion, headers } = request;
      asked = [method, url, httpVersion, headers.host, headers.connection].join(" ");
      response.end();
    });
    await probe(port, "'/health?deep=1&x=$HOME'");
    expect(asked).toBe("GET /health?deep=1&x=$HOME 1.1 localhost close");
  });

  it("accepts an open port if there is no path", async () => {
    expect(await probe(await listen(createListener()))).toBe("good open");
  });

  it("rejects a closed port, a silent one, and one with another protocol", async () => {
    const [gone, silent, other] = [
      createListener(),
      createListener(),
      createListener((socket) => socket.end("SSH-2.0\n")),
    ];
    const port = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await probe(port, "/")).toBe("bad nothing within 1 s");
    expect(await probe(port)).toBe("bad nothing within 1 s");
    expect(await probe(await listen(silent), "/")).toBe("bad nothing within 1 s");
    expect(await probe(await listen(other), "/")).toBe("bad nothing within 1 s");
  });
});
