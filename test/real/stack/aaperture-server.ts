import { startServers, type ServerOptions, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { Aaperture, type ByStack, type StackName } from "./aaperture.ts";

/** What a test wants otherwise than usual. */
interface AapertureOptions extends ServerOptions {
  readonly secrets?: ByStack;
}

/** One server for aaperture, and the project whose stacks are deployed on it. */
export class AapertureServer {
  readonly started: TestServers;
  readonly server: TestServer;
  readonly aaperture: Aaperture;
  readonly folder: string;

  private constructor(started: TestServers, server: TestServer, aaperture: Aaperture, folder: string) {
    this.started = started;
    this.server = server;
    this.aaperture = aaperture;
    this.folder = folder;
  }

  /** Starts the server and makes the stacks; nothing is deployed yet. */
  static async open(
    stacks: readonly StackName[],
    { secrets, ...options }: AapertureOptions = {},
  ): Promise<AapertureServer> {
    const folder = openRunFolder();
    const started = await startServers(1, options);
    const [server] = started.servers;
    if (server === undefined) throw new Error("there is no server");
    return new AapertureServer(started, server, await Aaperture.create(folder, started, stacks, secrets), folder);
  }

  /** Runs a script on the server, which must succeed, and gives what it printed. */
  async on(script: string): Promise<string> {
    const { code, stdout, stderr } = await this.server.exec(["bash", "-ceu", script]);
    if (code !== 0) throw new Error(`${script} ended with ${code}\n${stderr}`);
    return stdout.trim();
  }

  async close(): Promise<void> {
    await this.started.stop();
    closeRunFolder(this.folder);
  }
}
