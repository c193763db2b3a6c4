import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { digest, hostKey } from "../../config/trial-repository.ts";
import { variables } from "../../real/compose/arbitrary-service.ts";
import type { RandomApplication } from "./application.ts";

/** A folder of one case, made of a random application. */
export class CaseFolder implements Disposable {
  readonly cases = mkdtempSync(join(tmpdir(), "slipway-property-"));
  readonly name = "random";

  constructor({ compose, services, ports }: RandomApplication) {
    const released = Object.entries(services).filter(([, settings]) => settings["release"] === true);
    this.#write("compose.yaml", JSON.stringify(compose));
    this.#write("conf/one.txt", "one\n");
    const project = { name: "random", runtime: "nodejs", main: "slipway", config: { services: { value: services } } };
    this.#write("Pulumi.yaml", JSON.stringify(project));
    const config = {
      host: { address: "192.0.2.10", user: "deploy", hostKey },
      directory: "/srv/random",
      project: "random",
      proxy: { image: digest("traefik:v3.6") },
      fingerprintKey: { secure: "v1:key" },
      ports,
      variables,
      secrets: { TOKEN: { secure: "v1:TOKEN" } },
    };
    const named = Object.entries(config).map(([key, value]) => [`random:${key}`, value] as const);
    this.#write("Pulumi.production.yaml", JSON.stringify({ config: Object.fromEntries(named) }));
    const images = Object.fromEntries(released.map(([name]) => [name, digest(`registry.test/${name}`)]));
    this.#write("release.json", JSON.stringify({ version: "1", images }));
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.cases, this.name, path)), { recursive: true });
    writeFileSync(join(this.cases, this.name, path), text);
  }

  [Symbol.dispose](): void {
    rmSync(this.cases, { recursive: true });
  }
}
