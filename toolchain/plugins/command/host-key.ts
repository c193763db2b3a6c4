import ssh2 from "ssh2";
import type { ServerHostKeyAlgorithm } from "ssh2";

// The supported key types.
const algorithms: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
];

/** The pinned key of a server. */
export interface HostKey {
  /** The only algorithm that the server may use. For RSA keys it is ssh-rsa with SHA-1, which newer servers reject. */
  readonly algorithm: ServerHostKeyAlgorithm;
  readonly key: Buffer;
}

/** Parses a host key. Blank lines, comments, and text before or after the key are ignored, as in authorized_keys. */
export function parseHostKey(text: string): HostKey {
  for (const line of text.split("\n")) {
    if (line.trim().startsWith("#")) continue;
    const [, type, base64] = /(?:^|\s)([\w-]+)\s+(AAAA[\w+/=]+)(?:\s|$)/.exec(line) ?? [];
    const algorithm = algorithms.find((known) => known === type);
    const parsed = ssh2.utils.parseKey(`${type ?? ""} ${base64 ?? ""}`);
    if (algorithm !== undefined && !(parsed instanceof Error)) return { algorithm, key: parsed.getPublicSSH() };
  }
  throw new Error("failed to parse host key: ssh: no key found");
}
