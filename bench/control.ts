import { join } from "node:path";
import type { TestServer, TestServers } from "../test/hosts/servers.ts";
import { Workspace } from "../test/pulumi/workspace.ts";
import { checkout } from "../toolchain/paths.ts";

/** The resources of the control. */
export interface ControlSize {
  readonly commands: number;
  readonly volumes: number;
}

/** What Pulumi itself costs: a stack with as many resources as the one that is measured, on the same server. */
export class Control {
  readonly #workspace: Workspace;
  readonly #servers: TestServers;
  readonly #server: TestServer;
  readonly #size: ControlSize;

  constructor(folder: string, servers: TestServers, server: TestServer, size: ControlSize) {
    this.#workspace = new Workspace(folder, join(checkout, "bench", "programs", "control.ts"));
    this.#servers = servers;
    this.#server = server;
    this.#size = size;
  }

  /** Creates the stack, so that no measurement includes this. */
  async init(): Promise<void> {
    await this.#workspace.pulumi(["stack"]);
  }

  /** Runs `pulumi up`. Another `changed` than before makes the last command run again. */
  async up(changed = ""): Promise<void> {
    const { networkAddress: address, hostKey } = this.#server;
    const given = { address, port: 22, user: "root", hostKey, changed, ...this.#size };
    const env = { SSH_AUTH_SOCK: this.#servers.agentSocket };
    const { exitCode, output } = await this.#workspace.run("up", { given, env });
    if (exitCode !== 0) throw new Error(`the control's up failed\n${output}`);
  }
}
