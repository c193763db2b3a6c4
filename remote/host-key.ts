import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { ServerFault } from "./server-fault.ts";

/** The fingerprint of a public key such as `ssh-ed25519 AAAA…`, as OpenSSH prints it. */
export function fingerprint(key: string): string {
  const [, body = ""] = key.split(" ");
  const sum = createHash("sha256").update(Buffer.from(body, "base64")).digest("base64");
  return `SHA256:${sum.replace(/=+$/, "")}`;
}

/** The fault of a server whose host key ssh refused. It prints the key that it saw, also one of another type. */
export function hostKeyFault(said: readonly string[], hostKey: string): ServerFault {
  const seen = said.map((line) => /^(SHA256:\S+?)\.?$/.exec(line)?.[1]).find((one) => one !== undefined);
  const shown = seen === undefined ? "another host key" : `the host key ${seen}`;
  const what = `it shows ${shown} instead of \`host.hostKey\`, which is ${fingerprint(hostKey)}`;
  const own = "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the server itself";
  return new ServerFault(what, `compare that with ${own} before you change the configuration`);
}
