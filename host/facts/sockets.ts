import { Buffer } from "node:buffer";
import { open, type FileHandle } from "node:fs/promises";
import { systemCode } from "../failure.ts";

/** A socket that listens: one of TCP that waits for connections, or one of UDP that is bound and not connected. */
export interface ListeningSocket {
  readonly port: string;
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  /** By it the kernel names the socket among the open files of a process. */
  readonly inode: string;
}

/** A list of sockets of the kernel. */
interface SocketTable {
  readonly path: string;
  readonly protocol: "tcp" | "udp";
}

const tables: readonly SocketTable[] = (["tcp", "udp"] as const).flatMap((protocol) =>
  [protocol, `${protocol}6`].map((name) => ({ path: `/proc/net/${name}`, protocol })),
);

/** The kernel's number of the state in which a socket waits: LISTEN of TCP, and UDP's for one that is not connected. */
const waits = { tcp: "0A", udp: "07" } as const;

/**
 * All sockets that listen on this server, outside of containers. The kernel walks tables of a hundred thousand places
 * for its lists, which takes it several milliseconds, so other threads wait for them.
 */
export async function listeningSockets(lists = tables): Promise<ListeningSocket[]> {
  return (await Promise.all(lists.map(listeningIn))).flat();
}

/**
 * The kernel lists all TCP sockets that listen before all others: it walks its table of listeners, then its table of
 * connections (`tcp_seek_last_pos` in net/ipv4/tcp_ipv4.c). So the first line of another state ends the reading, and
 * a server with 50,000 connections costs no more than one without. Sockets of UDP are in no order.
 */
async function listeningIn({ path, protocol }: SocketTable): Promise<ListeningSocket[]> {
  const found: ListeningSocket[] = [];
  let isHeading = true;
  for await (const line of linesOf(path)) {
    if (isHeading) {
      isHeading = false;
      continue;
    }
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/ +/);
    if (state !== waits[protocol]) {
      if (protocol === "tcp") break;
      continue;
    }
    const [address = "", port = ""] = local.split(":");
    found.push({ port: String(Number.parseInt(port, 16)), protocol, address: addressOf(address), inode });
  }
  return found;
}

/** ESTABLISHED; and CLOSE_WAIT, in which a caller has sent everything and still waits for the answer. */
const inUse: readonly string[] = ["01", "08"];

/** How many TCP connections from some addresses a container has, whose first process is `pid`; 0 once it has ended. */
export async function openConnections(pid: number, from: ReadonlySet<string>): Promise<number> {
  const counts = await Promise.all(["tcp", "tcp6"].map((name) => connectionsIn(`/proc/${pid}/net/${name}`, from)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function connectionsIn(path: string, from: ReadonlySet<string>): Promise<number> {
  let count = 0;
  for await (const line of linesOf(path)) {
    const [, , remote = "", state = ""] = line.trim().split(/ +/);
    if (inUse.includes(state) && from.has(addressOf(remote.replace(/:.*/, "")))) count += 1;
  }
  return count;
}

/** The lines of a file, read piece by piece as far as they are asked for. Where there is no IPv6 there is no list. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await openList(path);
  if (file === undefined) return;
  const piece = Buffer.alloc(4096);
  let rest = "";
  try {
    for (let { bytesRead } = await file.read(piece); bytesRead > 0; { bytesRead } = await file.read(piece)) {
      const lines = (rest + piece.toString("latin1", 0, bytesRead)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    await file.close();
  }
}

async function openList(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The kernel writes an address as words of four bytes, in each the last byte first. */
function addressOf(hexadecimal: string): string {
  const bytes = Buffer.from(hexadecimal, "hex").swap32();
  if (bytes.length === 4) return bytes.join(".");
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => bytes.readUInt16BE(at).toString(16)).join(":");
  if (groups.startsWith("0:0:0:0:0:ffff:")) return bytes.subarray(12).join(".");
  return new URL(`http://[${groups}]`).hostname.slice(1, -1); // in the short form, as the engine writes it
}
