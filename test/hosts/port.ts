import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A port of the loopback that is free now. It lies below those the kernel gives out by itself, so that nobody takes it by chance while
 * its container restarts. Another run may still be quicker: the caller tries again then.
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
