import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quoteWords } from "../model/shell.ts";
import { checkout } from "../toolchain/paths.ts";

/** The text of slipway-root, the door on a server: it gets what is missing there, and starts the program as root. */
export const slipwayRoot = readFileSync(join(checkout, "host", "prepare", "slipway-root"), "utf8");

/** The place of slipway-root on a server. */
const installed = "/usr/local/sbin/slipway-root";

/** The words after a door by which it finds its program, and its last word. */
export interface DoorWords {
  /** `project/stack`. */
  readonly stack: string;
  /** The version of Node. */
  readonly version: string;
  /** Sum of the program. */
  readonly sha256: string;
  /** The nonce of a connection, or the ticket of a command. */
  readonly last: string;
}

/** Writes the command line that enters a door. Root runs the text itself, so that its server needs no preparation. */
export function doorCommand(user: string, door: "attend" | "command", words: DoorWords): string {
  const { stack, version, sha256, last } = words;
  const given = [door, stack, version, sha256, last];
  if (user === "root") return quoteWords(["sh", "-c", slipwayRoot, "slipway-root", ...given]);
  return quoteWords(["sudo", "-n", installed, ...given]);
}

/** The user whose key only observes. */
export const observerUser = "slipway-observe";

/**
 * The command of a key that only observes. The server runs it whatever is sent. It reads its words from its input,
 * since a fixed command gets none.
 */
export const observeCommand = quoteWords(["sudo", "-n", installed, "observe"]);

/** The line of sudoers that lets a user run slipway-root, and nothing else, as root. */
export function sudoersLine(user: string): string {
  return `${user} ALL=(root) NOPASSWD: ${installed}`;
}
