import { createServer } from "node:net";
import { onTestFinished } from "vitest";

/** Listens on a free port of an address until the test ends. */
export async function listenOn(address: string, port = 0): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  const at = server.address();
  if (typeof at !== "object" || at === null) throw new Error("the socket has no port");
  return at.port;
}
