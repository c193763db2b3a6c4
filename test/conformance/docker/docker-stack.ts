import { randomBytes } from "node:crypto";
import type { TestServer } from "../../hosts/server.ts";
import { Door } from "../tcp-proxy.ts";
import type { DockerSpecs, ProviderSpec, VolumeSpec } from "../programs/docker/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { SshCount } from "./ssh-count.ts";
import type { State } from "../../pulumi/state.ts";
import type { Operation } from "../../pulumi/workspace.ts";
import { Workspace } from "../workspace.ts";

/** What one run did: the engine's words, how many ssh clients it took, and what state and server held afterwards. */
export interface Chapter {
  readonly result: PulumiResult;
  readonly clients: number;
  readonly state: State;
  /** The volumes on the server, without the prefix of this stack. */
  readonly volumes: ReadonlySet<string>;
}

/** A stack of volumes on the engine of a test server. The names of its volumes are its own, since the server is shared. */
export class DockerStack {
  readonly server: TestServer;
  readonly workspace = new Workspace("docker/volumes");
  readonly #prefix = `conformance-${randomBytes(4).toString("hex")}-`;
  readonly #ssh = new SshCount(this.workspace.folder);

  constructor(server: TestServer) {
    this.server = server;
  }

  /** The name of a volume on the server. */
  name(short: string): string {
    return `${this.#prefix}${short}`;
  }

  /** A provider for the server's engine, or for one that nobody reaches. */
  provider(port: number = this.server.port): ProviderSpec {
    const flags = this.server.sshWords().slice(1, -3);
    return { host: `ssh://root@${this.server.address}:${port}`, sshOpts: [...flags, "-o", "ConnectionAttempts=1"] };
  }

  /** A volume named after itself. */
  volume(short: string, inputs: VolumeSpec["inputs"] = {}, options: VolumeSpec["options"] = {}): VolumeSpec {
    return { provider: "host", inputs: { name: this.name(short), ...inputs }, options };
  }

  async run(operation: Operation, given: DockerSpecs | undefined, words: readonly string[] = []): Promise<Chapter> {
    this.#ssh.take();
    const result = await this.workspace.run(operation, { given, words, env: this.#ssh.environment });
    return { result, clients: this.#ssh.take(), state: this.workspace.state(), volumes: await this.#volumes() };
  }

  /** Runs a shell command on the server. */
  async onServer(command: string): Promise<string> {
    const { code, stdout, stderr } = await this.server.ssh(command);
    if (code !== 0) throw new Error(`${command}: ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** Makes a volume by hand, with a file in it. */
  async makeVolume(short: string, words = ""): Promise<void> {
    await this.onServer(`docker volume create ${words} ${this.name(short)} && ${this.#file(short, "touch")}`);
  }

  /** Whether the file of a volume that was made by hand is still in it. */
  async hasFile(short: string): Promise<boolean> {
    return (await this.onServer(`${this.#file(short, "ls")} 2>/dev/null || true`)) !== "";
  }

  async remove(): Promise<void> {
    await this.onServer(`docker volume ls -q -f name=${this.#prefix} | xargs -r docker volume rm -f`);
    this.workspace.remove();
  }

  #file(short: string, act: string): string {
    return `${act} $(docker volume inspect -f '{{.Mountpoint}}' ${this.name(short)})/file`;
  }

  async #volumes(): Promise<ReadonlySet<string>> {
    const names = await this.onServer(`docker volume ls -q -f name=${this.#prefix}`);
    return new Set(
      names
        .trim()
        .split("\n")
        .map((name) => name.replace(this.#prefix, "")),
    );
  }
}

/** A port of this machine that nobody listens on. */
export async function deadPort(): Promise<number> {
  const door = await Door.open(0);
  const { port } = door;
  await door.close();
  return port;
}
