import { randomBytes } from "node:crypto";
import type { TestServer } from "../../hosts/server.ts";
import { TcpProxy } from "../tcp-proxy.ts";
import type { DockerSpecs, ProviderSpec, VolumeSpec } from "../programs/docker/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { SshCount } from "./ssh-count.ts";
import type { State } from "../../pulumi/state.ts";
import type { Operation } from "../../pulumi/workspace.ts";
import { Workspace } from "../workspace.ts";

/** The result of a run: the engine's output, the number of ssh clients, and the state and the volumes afterwards. */
export interface RunRecord {
  readonly result: PulumiResult;
  readonly clients: number;
  readonly state: State;
  /** The names of the volumes on the server, without the prefix of this stack. */
  readonly volumes: ReadonlySet<string>;
}

/** A stack of volumes on the engine of a test server. The volumes' names have a prefix, since the server is shared. */
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

  /** A provider for the server's engine, or for an unreachable one if `port` has no listener. */
  provider(port: number = this.server.port): ProviderSpec {
    const flags = this.server.sshWords().slice(1, -3);
    return { host: `ssh://root@${this.server.address}:${port}`, sshOpts: [...flags, "-o", "ConnectionAttempts=1"] };
  }

  /** A volume with this short name. */
  volume(short: string, inputs: VolumeSpec["inputs"] = {}, options: VolumeSpec["options"] = {}): VolumeSpec {
    return { provider: "host", inputs: { name: this.name(short), ...inputs }, options };
  }

  async run(operation: Operation, given: DockerSpecs | undefined, words: readonly string[] = []): Promise<RunRecord> {
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

  /** Creates a volume by hand, with a file in it. */
  async createVolume(short: string, words = ""): Promise<void> {
    await this.onServer(`docker volume create ${words} ${this.name(short)} && ${this.#file(short, "touch")}`);
  }

  /** True if a volume that was created by hand still contains its file. */
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

/** A port of this machine without a listener. */
export async function deadPort(): Promise<number> {
  const proxy = await TcpProxy.open(0);
  const { port } = proxy;
  await proxy.close();
  return port;
}
