import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { codeOf } from "../../registry/retry.ts";
import { trustOf } from "../../registry/trust.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-trust-"));
  mkdirSync(join(folder, "registry.test:5000"));
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=registry.test", "-addext", "subjectAltName=DNS:registry.test", "-keyout", join(folder, "key")],
      ...["-out", join(folder, "registry.test:5000", "ca.crt")],
    ],
    { stdio: "ignore" },
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Connects to a server with the certificate of registry.test, trusting what is trusted for a registry. */
async function connectWith(registry: string): Promise<string> {
  const cert = readFileSync(join(folder, "registry.test:5000", "ca.crt"));
  const server = createServer({ cert, key: readFileSync(join(folder, "key")) }, (socket) => socket.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const socket = connect({ port, servername: "registry.test", secureContext: trustOf(registry, folder) });
  try {
    await once(socket, "secureConnect");
    return "trusted";
  } catch (error) {
    return codeOf(error);
  } finally {
    socket.destroy();
    server.close();
  }
}

test("a registry's own authority is trusted for that registry alone, from where Docker has it", async () => {
  expect(await connectWith("registry.test:5000")).toBe("trusted");
  expect(await connectWith("registry.test")).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(await connectWith("other.test:5000")).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
});
