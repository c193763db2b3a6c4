import { join } from "node:path";
import type { TestServer, TestServers } from "../test/hosts/servers.ts";
import { Workspace } from "../test/pulumi/workspace.ts";
import { checkout } from "../toolchain/paths.ts";

/** The control of every measurement: a stack with one resource of each provider, on the same server in the same run. */
export class Control {
  readonly #workspace: Workspace;
  readonly #servers: TestServers;
  readonly #server: TestServer;

  constructor(folder: string, servers: TestServers, server: TestServer) {
    this.#workspace = new Workspace(folder, join(checkout, "bench", "programs", "control.ts"));
    this.#servers = servers;
    this.#server = server;
  }

  /** Creates the stack, so that no measurement includes this. */
  async init(): Promise<void> {
    await this.#workspace.pulumi(["stack"]);
  }

  async up(): Promise<void> {
    const { networkAddress: address, hostKey } = this.#server;
    const given = { address, port: 22, user: "root", hostKey };
    const env = { SSH_AUTH_SOCK: this.#servers.agentSocket };
    const { exitCode, output } = await this.#workspace.run("up", { given, env });
    if (exitCode !== 0) throw new Error(`the control's up failed\n${output}`);
  }
}
