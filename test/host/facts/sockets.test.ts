import { connect } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { listeningSockets, openConnections } from "../../../host/facts/sockets.ts";
import { listenOn } from "./socket.ts";

const heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/** A line as the kernel writes it. */
function line(local: string, state: string, inode: number): string {
  const remote = state === "0A" ? "00000000:0000" : "0100007F:9C40";
  const queues = "00000000:00000000 00:00000000 00000000";
  return `   0: ${local} ${remote} ${state} ${queues}     0        0 ${inode} 1 0000 100 0 0 10 0`;
}

function table(...lines: string[]): { readonly path: string; readonly protocol: "tcp" } {
  const folder = mkdtempSync(join(tmpdir(), "slipway-sockets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "tcp");
  writeFileSync(path, [heading, ...lines, ""].join("\n"));
  return { path, protocol: "tcp" };
}

async function inodesOf(lists: Parameters<typeof listeningSockets>[0]): Promise<string[]> {
  return (await listeningSockets(lists)).map(({ inode }) => inode);
}

describe("the sockets that listen on a server", () => {
  it.each([
    ["0100007F:1F90", "127.0.0.1", "8080"],
    ["00000000:0050", "0.0.0.0", "80"],
    ["00000000000000000000000000000000:01BB", "::", "443"],
    ["00000000000000000000000001000000:0016", "::1", "22"],
    ["0000000000000000FFFF00000100007F:1F90", "127.0.0.1", "8080"],
    ["B80D01200000000000000000FE8A2E00:1F90", "2001:db8::2e:8afe", "8080"],
  ])("are read from the kernel's form, such as %s", async (local, address, port) => {
    expect(await listeningSockets([table(line(local, "0A", 7))])).toEqual([
      { address, port, protocol: "tcp", inode: "7" },
    ]);
  });

  it("are read to the last, however many pieces the kernel hands over", async () => {
    const inodes = Array.from({ length: 300 }, (_, at) => String(at));
    const path = table(...inodes.map((inode) => line("0100007F:1F90", "0A", Number(inode))));
    expect(await inodesOf([path])).toEqual(inodes);
  });

  it("end where the connections begin, of which a busy server has 50,000", async () => {
    const connections = Array.from({ length: 50_000 }, (_, at) => line("0100007F:1F90", "01", at));
    const path = table(line("0100007F:1F90", "0A", 1), line("0100007F:1F91", "0A", 2), ...connections, "no socket");
    const late = table(line("0100007F:1F90", "0A", 1), ...connections, line("0100007F:1F92", "0A", 3));
    expect(await inodesOf([path])).toEqual(["1", "2"]);
    expect(await inodesOf([late])).toEqual(["1"]); // it was not read to its end
  });

  it("are all found on this machine, whose kernel lists them before its connections", async () => {
    const ports = await Promise.all(["127.0.0.1", "127.0.0.1", "127.0.0.2", "::1"].map((one) => listenOn(one)));
    const [first = 0] = ports;
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = connect(first, "127.0.0.1");
        onTestFinished(() => void socket.destroy());
        await new Promise((resolve) => socket.once("connect", resolve));
      }),
    );
    const last = await listenOn("127.0.0.1");
    const found = (await listeningSockets()).map(({ address, port }) => `${address} ${port}`);
    const expected = [
      ...ports.map((port, at) => [["127.0.0.1", "127.0.0.1", "127.0.0.2", "::1"][at], port]),
      ["127.0.0.1", last],
    ];
    expect(found).toEqual(expect.arrayContaining(expected.map((one) => one.join(" "))));
  });

  it("are those of UDP that wait for anybody, wherever the list has them", async () => {
    const { path } = table(
      line("0100007F:0035", "01", 1),
      line("00000000:0035", "07", 2),
      line("0100007F:0036", "01", 3),
      line("0100007F:0037", "07", 4),
    );
    expect(await listeningSockets([{ path, protocol: "udp" }])).toEqual([
      { address: "0.0.0.0", port: "53", protocol: "udp", inode: "2" },
      { address: "127.0.0.1", port: "55", protocol: "udp", inode: "4" },
    ]);
  });

  it("are none where the kernel has no IPv6", async () => {
    expect(await listeningSockets([{ path: "/proc/net/none", protocol: "tcp" }])).toEqual([]);
  });
});

describe("the connections that a container has from some addresses", () => {
  /** Connects from an address of the loopback interface. */
  async function connectFrom(localAddress: string, port: number) {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  }

  it("are those that these addresses opened, over IPv4 and to a service that listens for IPv6 as well", async () => {
    const ports = [await listenOn("127.0.0.1"), await listenOn("::")];
    for (const port of [...ports, ...ports]) await connectFrom("127.0.7.1", port);
    await connectFrom("127.0.7.2", ports[0] ?? 0);
    expect(await openConnections(process.pid, new Set(["127.0.7.1"]))).toBe(4);
    expect(await openConnections(process.pid, new Set(["127.0.7.1", "127.0.7.2"]))).toBe(5);
    expect(await openConnections(process.pid, new Set(["127.0.7.3"]))).toBe(0);
  });

  it("count while the caller has sent everything and waits for its answer, and not once it has gone", async () => {
    const socket = await connectFrom("127.0.7.4", await listenOn("127.0.0.1", 0, { allowHalfOpen: true }));
    const count = (): Promise<number> => openConnections(process.pid, new Set(["127.0.7.4"]));
    await new Promise<void>((resolve) => socket.end(resolve));
    expect(await count()).toBe(1);
    socket.resetAndDestroy();
    await vi.waitFor(async () => expect(await count()).toBe(0));
  });

  it("are none once the container has ended", async () => {
    expect(await openConnections(2 ** 30, new Set(["127.0.0.1"]))).toBe(0);
  });
});
