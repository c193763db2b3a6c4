import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { afterEach, expect, test } from "vitest";
import { checkout } from "../../../toolchain/paths.ts";
import { EngineSide } from "./engine-side.ts";

const plugins = join(checkout, "toolchain", "plugins");
const running: ChildProcessByStdio<null, Readable, null>[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** Starts a plugin as the engine does, and waits for its port. */
async function start(plugin: string, ...words: string[]): Promise<{ child: (typeof running)[number]; port: number }> {
  const child = spawn(process.execPath, [join(plugins, plugin, "main.ts"), ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const lines = createInterface(child.stdout);
  for await (const line of lines) return { child, port: Number(line) };
  throw new Error(`${plugin} printed no port`);
}

async function startEngine(): Promise<{ server: Server; address: string }> {
  const server = new Server();
  server.addService(EngineService, {});
  const port = await new Promise<number>((resolve) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, bound) => resolve(bound)),
  );
  return { server, address: `127.0.0.1:${port}` };
}

for (const [plugin, type, input] of [
  ["docker", "docker:index/volume:Volume", { name: "data" }],
  ["tls", "tls:index/privateKey:PrivateKey", { algorithm: "RSA" }],
] as const) {
  test(`the ${plugin} plugin prints its port, answers there and ends on SIGTERM`, async () => {
    const { child, port } = await start(plugin);
    const engine = new EngineSide(port, type);
    expect((await engine.check(input)).failures).toEqual([]);
    engine.close();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
}

test("a plugin ends when its engine ends", async () => {
  const { server, address } = await startEngine();
  const { child, port } = await start("tls", "--logtostderr", "-v=9", address);
  const engine = new EngineSide(port, "tls:index/privateKey:PrivateKey");
  await engine.check({ algorithm: "RSA" });
  engine.close();
  server.forceShutdown();
  expect(await once(child, "exit")).toEqual([0, null]);
});
