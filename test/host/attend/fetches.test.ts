import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LocalServer, staging, waitUntil } from "./local-server.ts";

describe("images that a run names early", () => {
  it("are pulled at once, four at the same time, with the login that was staged", async () => {
    const server = new LocalServer();
    const { socket, pulls, logins } = await registry(server);
    const run = server.attend(staging, { TEST_SOCKET: socket });
    const auth = Buffer.from("bot:canary").toString("base64");
    run.stage("registry", JSON.stringify({ auths: { "registry.example:5000": { auth } } }));
    const digest = `sha256:${"0".repeat(64)}`;
    const images = ["a", "b", "c", "d", "e"].map((name) => `registry.example:5000/${name}@${digest}`);
    await run.ask({ do: "fetch", images });
    await waitUntil(() => pulls.length === 4);
    expect(logins[0]).toMatchObject({ username: "bot", password: "canary" });
    pulls[0]?.end('{"error":"no such image"}\n');
    await waitUntil(() => pulls.length === 5);
    const { code, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

/** An engine without images, whose pulls last until the test ends them. */
async function registry(server: LocalServer) {
  const socket = join(server.folder, "engine.sock");
  const pulls: ServerResponse[] = [];
  const logins: unknown[] = [];
  const engine = createServer((request, response) => {
    if (request.method !== "POST") return void response.writeHead(404).end('{"message":"none"}');
    const [login = ""] = [request.headers["x-registry-auth"]].flat();
    logins.push(JSON.parse(Buffer.from(login, "base64url").toString()));
    response.writeHead(200).flushHeaders();
    pulls.push(response);
  });
  engine.listen(socket);
  await once(engine, "listening");
  onTestFinished(() => {
    engine.closeAllConnections();
    engine.close();
  });
  return { socket, pulls, logins };
}
