import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Finds a free port on the loopback interface. It is below the kernel's ephemeral ports, so that no other process gets
 * it by chance while its container restarts. Another run may still take it first; then the caller tries again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1" }, () => server.close(() => resolve(true)));
  });
}
