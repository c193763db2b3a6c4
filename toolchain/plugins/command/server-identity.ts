import type { ConnectConfig } from "ssh2";
import type { HostKey } from "./host-key.ts";

/** Checks a server's host key and describes a mismatch. Without a pinned key every server is accepted. */
export class ServerIdentity {
  readonly #hostKey: HostKey | undefined;
  #offered: readonly string[] | undefined;
  #refused = false;

  constructor(hostKey: HostKey | undefined) {
    this.#hostKey = hostKey;
  }

  /** The options of an SSH connection that concern the host key. */
  options(): ConnectConfig {
    const hostKey = this.#hostKey;
    if (hostKey === undefined) return {};
    return {
      algorithms: { serverHostKey: [hostKey.algorithm] },
      hostVerifier: (key: Buffer) => {
        this.#refused = !key.equals(hostKey.key);
        return !this.#refused;
      },
      // The library reports the server's algorithms only in its debug messages.
      debug: (message) => {
        const [, offered] = /\(remote\) Host key format: (.*)/.exec(message) ?? [];
        if (offered !== undefined) this.#offered = offered.split(",");
      },
    };
  }

  /** Says why the server was rejected; undefined if its key is not the reason. */
  failure(): string | undefined {
    const hostKey = this.#hostKey;
    if (hostKey === undefined || this.#offered === undefined) return undefined;
    if (this.#refused) return "ssh: host key mismatch";
    if (this.#offered.includes(hostKey.algorithm)) return undefined;
    const offered = this.#offered.join(" ");
    return `ssh: no common algorithm for host key; we offered: [${hostKey.algorithm}], peer offered: [${offered}]`;
  }
}
