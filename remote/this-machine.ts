import { readdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { LocalConnection } from "../model/connection.ts";
import { ServerFault } from "./server-fault.ts";
import { fingerprint } from "./ssh.ts";

/** The folder in which a machine's SSH server keeps its host keys. */
const keyFolder = "/etc/ssh";

/** What a machine is known by, and who runs slipway there. */
interface ThisMachine {
  readonly user: string;
  /** The public host keys of its SSH server, without their comments. */
  readonly hostKeys: readonly string[];
}

/** Requires that slipway runs on the server itself, as the user that the configuration names (E14). */
export function requireThisMachine(
  { user, hostKey }: LocalConnection,
  machine: ThisMachine = { user: userInfo().username, hostKeys: hostKeysIn(keyFolder) },
): void {
  if (!machine.hostKeys.includes(hostKey)) {
    const found = machine.hostKeys.map(fingerprint).join(", ");
    const what =
      machine.hostKeys.length === 0
        ? `it has no host key in ${keyFolder}, so nothing tells whether it is the server`
        : `it is not the server: \`hostKey\` is ${fingerprint(hostKey)}, and its host keys are ${found}`;
    throw new ServerFault(what, "run slipway on the server itself, or remove `connection: local` and use SSH");
  }
  if (machine.user !== user)
    throw new ServerFault(`slipway runs as '${machine.user}'`, `run it as '${user}', or correct \`user\``);
}

/** The public host keys in a folder, without their comments. */
export function hostKeysIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /^ssh_host_\w+_key\.pub$/.test(name));
    return names.map((name) => readFileSync(join(folder, name), "utf8").trim().split(/\s+/).slice(0, 2).join(" "));
  } catch {
    return []; // who may not read them cannot tell which machine this is
  }
}
