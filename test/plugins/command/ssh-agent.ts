import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import type { AgentInboundRequest, ParsedKey } from "ssh2";

/** A key pair in OpenSSH's format. */
export interface KeyPair {
  readonly public: string;
  readonly private: string;
}

/** Generates a key pair. */
export function keyPair(type: "ed25519" | "ecdsa" | "rsa" = "ed25519"): KeyPair {
  const pair = generated[type]();
  // The library cannot parse about one in a few hundred of its own keys.
  return ssh2.utils.parseKey(pair.private) instanceof Error ? keyPair(type) : pair;
}

const generated = {
  ed25519: () => ssh2.utils.generateKeyPairSync("ed25519"),
  ecdsa: () => ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }),
  rsa: () => ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 }),
};

/** An ssh-agent that holds one key. */
export class FakeSshAgent {
  readonly socket: string;
  readonly #directory: string;
  readonly #server: Server;

  constructor(pair: KeyPair) {
    this.#directory = mkdtempSync(join(tmpdir(), "slipway-agent-"));
    this.socket = join(this.#directory, "socket");
    const key = parse(pair.private);
    this.#server = createServer((connection) => {
      const protocol = new ssh2.AgentProtocol(false);
      protocol.on("identities", (request: AgentInboundRequest) => protocol.getIdentitiesReply(request, [key]));
      protocol.on("sign", (request: AgentInboundRequest, _key: ParsedKey, data: Buffer) => {
        protocol.signReply(request, key.sign(data));
      });
      connection
        .on("error", () => undefined)
        .pipe(protocol)
        .pipe(connection);
    }).listen(this.socket);
  }

  stop(): void {
    this.#server.close();
    rmSync(this.#directory, { recursive: true });
  }
}

function parse(key: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return parsed;
}
