import { Buffer } from "node:buffer";
import type { DocumentMap } from "../../../model/document/document.ts";
import type { Ended } from "../../../process/child.ts";
import type { AppRelease, TestServer, TestServers } from "../../hosts/servers.ts";
import { fixture, staging } from "../fixtures/aaperture.ts";
import { ManagedServer } from "../session/managed-server.ts";

const { project, directory } = staging;

/**
 * aaperture's staging without its shared services, but with its proxy, on a server of its own: all that a rollout
 * needs.
 */
export class RolloutStack {
  readonly #hosts: TestServers;
  readonly host: ManagedServer;

  private constructor(hosts: TestServers, host: ManagedServer) {
    this.#hosts = hosts;
    this.host = host;
  }

  static async open(hosts: TestServers): Promise<RolloutStack> {
    const [server] = hosts.servers as [TestServer];
    const host = await ManagedServer.open(hosts, server, "aaperture/staging");
    const stack = new RolloutStack(hosts, host);
    const networks = `docker network create ${project}_data && docker network create ${project}_edge`;
    await host.on(`mkdir -p ${directory}/proxy && ${networks}`);
    await stack.stage("first");
    await stack.#raiseProxy();
    return stack;
  }

  /** Stages the env file of the next releases. */
  async stage(password: string): Promise<void> {
    const names = { ENVIRONMENT: "staging", POSTGRES_DB: "app", POSTGRES_USER: "app", POSTGRES_PASSWORD: password };
    const lines = Object.entries(names).map(([name, value]) => `${name}="${value}"\n`);
    this.host.stage("env", lines.join(""));
    // The answer shows that the session has read the env file.
    await this.host.differences("claim").catch(() => undefined);
  }

  async #raiseProxy(): Promise<void> {
    const image = `registry.test:5000/library/traefik@${await this.#hosts.registry.digest("library/traefik", "v3")}`;
    await this.host.on(`docker pull --quiet ${image}`);
    const body = {
      directory: `${directory}/proxy`,
      project: `${project}-proxy`,
      compose: Buffer.from(fixture(staging, "proxy/compose.yaml", { "image:proxy": image })),
      files: { "traefik.yaml": { mode: "0644", content: Buffer.from(fixture(staging, "proxy/traefik.yaml")) } },
      services: { proxy: { image, deadline: "30", mounts: {}, variables: {} } },
    };
    await this.host.outcome("compose", "apply", this.host.document("compose", "proxy", body));
  }

  /**
   * Builds a release of api and web, and brings its image to the server. Returns its document, with the next number.
   */
  async release(release: AppRelease, more: DocumentMap = {}): Promise<string> {
    const { image } = await this.#hosts.buildAppRelease(release);
    await this.host.on(`docker pull --quiet ${image}`);
    const filled = { "image:api": image, "image:web": image, release: release.version };
    const body = {
      directory,
      project,
      release: release.version,
      compose: Buffer.from(fixture(staging, "colour/compose.yaml", filled)),
      routes: Buffer.from(fixture(staging, "proxy/dynamic/routes.yaml", filled)),
      env: { staged: "env", entries: {} },
      files: {},
      services: {
        api: { image, port: "8080", health: "/health", deadline: "8" },
        web: { image, port: "80", deadline: "8" },
      },
      ...more,
    };
    return this.host.document("rollout", "rollout", body);
  }

  apply(document: string): Promise<string> {
    return this.host.outcome("rollout", "apply", document);
  }

  /** Runs a rollout that may fail; `dies` names the step of the journal at which it is killed. */
  run(document: string, dies = ""): Promise<Ended> {
    return this.host.run("rollout", "apply", document, dies === "" ? "" : `SLIPWAY_DIES_AT='rollout ${dies}'`);
  }

  /** The release that the published port answers with. */
  async serves(service: "api" | "web" = "api"): Promise<string> {
    return this.host.on(`curl -sf -m 5 http://127.0.0.1:${String(staging.ports[service])}/version | tr -d '"'`);
  }

  differences(): Promise<string[]> {
    return this.host.differences("rollout");
  }

  /** The first line of the proxy's dynamic file. */
  routesHeader(): Promise<string> {
    return this.host.on(`head -n 1 ${directory}/proxy/dynamic/routes.yaml`);
  }

  /** Names of the containers of both colours. */
  async containers(): Promise<string[]> {
    const names = await this.host.on(`docker ps --all --format '{{.Names}}' | grep -v proxy | sort`);
    return names.split("\n");
  }
}
