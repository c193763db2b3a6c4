import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished, expect, test } from "vitest";
import { z } from "zod";
import { RegistryConnection } from "../../registry/connection.ts";

/** A proxy that refuses every connection, and the hosts to which it was asked to connect. */
async function refusingProxy(): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer().on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`, asked };
}

async function ask(url: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const connection = new RegistryConnection({ environment, wait: () => Promise.resolve() });
  await connection.ask({ url: new URL(url), headers: {}, limit: 9 }).catch(() => undefined);
  connection.close();
}

test("a registry is asked through the proxy of the environment, unless it is excepted or on this machine", async () => {
  const { url, asked } = await refusingProxy();
  await ask("https://registry.invalid/v2/", { HTTPS_PROXY: url });
  expect(asked).toEqual(["registry.invalid:443"]);
  await ask("https://registry.invalid/v2/", { HTTPS_PROXY: url, NO_PROXY: "registry.invalid" });
  await ask("https://127.0.0.1:1/v2/", { HTTPS_PROXY: url });
  expect(asked).toEqual(["registry.invalid:443"]);
});

test("a question to a registry has one deadline for all its tries, waits and redirects (SEC-D11)", async () => {
  const connection = new RegistryConnection({ environment: {}, whole: 0 });
  await expect(connection.ask({ url: new URL("https://registry.invalid/v2/"), headers: {}, limit: 9 })).rejects.toThrow(
    "is not looked up: registry.invalid gives no whole answer within 0 s",
  );
  connection.close();
});
