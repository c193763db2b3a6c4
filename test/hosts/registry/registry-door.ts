import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer, request } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import type { Registry } from "./registry.ts";

/** The registries that a team's images come from; the registry of the test servers has the images of both. */
const names = ["registry-1.docker.io", "registry.test"];

/** What leads this machine to the test servers' registry under the names of others, as a proxy of a company does. */
export class RegistryDoor {
  readonly #servers: readonly Server[];
  /** The variables with which a program goes through it. */
  readonly environment: NodeJS.ProcessEnv;

  private constructor(servers: readonly Server[], port: number, certificate: string) {
    this.#servers = servers;
    this.environment = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: certificate };
  }

  static async open(registry: Registry, folder: string): Promise<RegistryDoor> {
    const [certificate, key] = [join(folder, "door.crt"), join(folder, "door.key")];
    const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=door"];
    const alt = `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`;
    execFileSync("openssl", [...words, "-addext", alt, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const inner = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (asked, answer) => {
      const { method, headers, url = "" } = asked;
      // The registry has this version of Traefik under another tag.
      const path = url.replace("/library/traefik/manifests/v3.6", "/library/traefik/manifests/v3");
      // The name of the certificate that is expected follows from the header.
      const own = { ...headers, host: registry.pushAddress };
      const to = { method, headers: own, ca: readFileSync(registry.certificateFile), agent: false };
      const ask = request(`https://${registry.pushAddress}${path}`, to, (found) => {
        answer.writeHead(found.statusCode ?? 502, found.headers);
        found.pipe(answer);
      });
      asked.pipe(ask.on("error", () => answer.destroy()));
    });
    const outer = createServer((_asked, answer) => void answer.writeHead(405).end());
    outer.on("connect", (_asked, socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      inner.emit("connection", socket);
    });
    outer.listen(0, "127.0.0.1");
    await once(outer, "listening");
    return new RegistryDoor([inner, outer], portOf(outer), certificate);
  }

  close(): void {
    for (const server of this.#servers) server.close();
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the door has no port");
  return address.port;
}
