import { describe, expect, it } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { engineServer } from "./engine-server.ts";

const question = { method: "GET", path: "/info" } as const;
const post = { method: "POST", path: "/networks/create" } as const;

describe("the version of the engine's API", () => {
  it.each([
    ["1.41", "/v1.41"],
    ["1.44", "/v1.44"],
    ["1.52", "/v1.44"],
    ["2.0", "/v1.44"],
    ["1.40", "/v1.40"],
    [undefined, "/v1.41"],
    ["../../evil", "/v1.41"],
  ])("is the older one of the engine's, %s, and slipway's own (F19)", async (version, used) => {
    const { socket, asked } = await engineServer(version, (_request, response) => response.end("{}"));
    await new EngineConnection(socket).json(question);
    expect(asked).toEqual(["GET /_ping", `GET ${used}/info`]);
  });

  it("is asked for once, by whatever asks first", async () => {
    const { socket, asked } = await engineServer("1.44", (_request, response) => response.end("{}"));
    const connection = new EngineConnection(socket);
    await Promise.all([connection.json(question), connection.impatient.json(question), connection.json(post)]);
    expect(asked.filter((one) => one === "GET /_ping")).toHaveLength(1);
  });

  it("that the engine no longer speaks is told in the engine's own words", async () => {
    const message = "client version 1.44 is too old. Minimum supported API version is 1.60";
    const { socket } = await engineServer("1.70", (_request, response) => {
      response.writeHead(400).end(JSON.stringify({ message }));
    });
    await expect(new EngineConnection(socket).json(question)).rejects.toThrow(message);
  });
});

describe("an engine that hangs", () => {
  it("is left after the deadline of a question, before its answer or in the middle of it (F25)", async () => {
    const { socket } = await engineServer("1.44", (request, response) => {
      if (request.url?.endsWith("/info") === true) response.write("{");
    });
    const { impatient } = new EngineConnection(socket);
    await expect(impatient.json({ ...question, seconds: 1 })).rejects.toThrow("it did not end within 1 s");
    await expect(impatient.json({ ...post, seconds: 1 })).rejects.toThrow("no answer within 1 s");
  });

  it("is left after the deadline when it refuses, and does not end to say why (F25)", async () => {
    const { socket } = await engineServer("1.44", (_request, response) => response.writeHead(500).write("{"));
    const { impatient } = new EngineConnection(socket);
    await expect(impatient.json({ ...question, seconds: 1 })).rejects.toThrow("it did not end within 1 s");
  });

  it("may take as long as a container runs until it tells its end", async () => {
    let end = (): void => undefined;
    const { socket } = await engineServer("1.44", (request, response) => {
      response.write("{");
      if (request.method === "POST") end = () => void response.end("}");
    });
    const { impatient } = new EngineConnection(socket);
    const ended = impatient.end({ ...post, seconds: 1 });
    // A question with the same deadline is over first.
    await expect(impatient.json({ ...question, seconds: 1 })).rejects.toThrow("it did not end within 1 s");
    end();
    await ended;
  });
});

describe("an engine that breaks off", () => {
  it("is asked again for what changes nothing, and once for what changes something (F25)", async () => {
    const { socket, asked } = await engineServer("1.44", (request, response, count) => {
      if (count === 1) request.socket.destroy();
      else response.end("{}");
    });
    const connection = new EngineConnection(socket);
    expect(await connection.json(question)).toEqual({});
    await expect(connection.json(post)).rejects.toThrow("the Docker engine does not answer");
    expect(asked.filter((one) => one.startsWith("POST"))).toHaveLength(1);
  });
});
