import { createSocket } from "node:dgram";
import { createServer, type ServerOpts } from "node:net";
import { onTestFinished } from "vitest";

/** Listens on a free port of an address until the test ends. */
export async function listenOn(address: string, port = 0, options: ServerOpts = {}): Promise<number> {
  const server = createServer(options);
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  const at = server.address();
  if (typeof at !== "object" || at === null) throw new Error("the socket has no port");
  return at.port;
}

/** Waits for datagrams on a free port of an address of IPv4 until the test ends. */
export async function bindOn(address: string): Promise<number> {
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return socket.address().port;
}
