import type { ConnectConfig } from "ssh2";
import type { HostKey } from "./host-key.ts";

/** Holds one server against the key it must have, and says what was wrong. Without a key every server is accepted. */
export class ServerIdentity {
  readonly #hostKey: HostKey | undefined;
  #offered: readonly string[] | undefined;
  #refused = false;

  constructor(hostKey: HostKey | undefined) {
    this.#hostKey = hostKey;
  }

  /** The part of a connection's settings that is about the server's key. */
  options(): ConnectConfig {
    const hostKey = this.#hostKey;
    if (hostKey === undefined) return {};
    return {
      algorithms: { serverHostKey: [hostKey.algorithm] },
      hostVerifier: (key: Buffer) => {
        this.#refused = !key.equals(hostKey.key);
        return !this.#refused;
      },
      // The library tells only here which algorithms the server has.
      debug: (message) => {
        const [, offered] = /\(remote\) Host key format: (.*)/.exec(message) ?? [];
        if (offered !== undefined) this.#offered = offered.split(",");
      },
    };
  }

  /** Why the server was not accepted, or undefined if something else went wrong. */
  failure(): string | undefined {
    const hostKey = this.#hostKey;
    if (hostKey === undefined || this.#offered === undefined) return undefined;
    if (this.#refused) return "ssh: host key mismatch";
    if (this.#offered.includes(hostKey.algorithm)) return undefined;
    const offered = this.#offered.join(" ");
    return `ssh: no common algorithm for host key; we offered: [${hostKey.algorithm}], peer offered: [${offered}]`;
  }
}
