import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { systemCode } from "../failure.ts";

/** A TCP socket that listens. */
export interface ListeningSocket {
  readonly port: string;
  readonly address: string;
  /** By it the kernel names the socket among the open files of a process. */
  readonly inode: string;
}

/** The kernel's lists of TCP sockets. */
const tables: readonly string[] = ["/proc/net/tcp", "/proc/net/tcp6"];

/** The kernel's number of the state LISTEN. */
const listen = "0A";

/** All TCP sockets that listen on this server, outside of containers. */
export function listeningSockets(paths = tables): ListeningSocket[] {
  return paths.flatMap((path) => [...listeningIn(path)]);
}

/**
 * The kernel lists all sockets that listen before all others: it walks its table of listeners, then its table of
 * connections (`tcp_seek_last_pos` in net/ipv4/tcp_ipv4.c). So the first line of another state ends the reading, and
 * a server with 50,000 connections costs no more than one without.
 */
function* listeningIn(path: string): Generator<ListeningSocket> {
  let isHeading = true;
  for (const line of linesOf(path)) {
    if (isHeading) {
      isHeading = false;
      continue;
    }
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/ +/);
    if (state !== listen) return;
    const [address = "", port = ""] = local.split(":");
    yield { port: String(Number.parseInt(port, 16)), address: addressOf(address), inode };
  }
}

/** The lines of a file, read piece by piece as far as they are asked for. Where there is no IPv6 there is no list. */
function* linesOf(path: string): Generator<string> {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw error;
  }
  const piece = Buffer.alloc(4096);
  let rest = "";
  try {
    for (let length = readSync(fd, piece); length > 0; length = readSync(fd, piece)) {
      const lines = (rest + piece.toString("latin1", 0, length)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    closeSync(fd);
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
