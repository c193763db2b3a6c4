import { prepareScript } from "../../../cli/commands/host-prepare.ts";
import { runChild } from "../../../process/child.ts";
import { startServers, type ServerOptions, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { deploysLocally, deployUser } from "../deploy-user.ts";
import { runOnServer, sharedWithServer } from "../local/on-server.ts";
import { Aaperture, type AapertureOptions, type StackName, type Users } from "./aaperture.ts";

/** Options of the server and of its stacks. */
interface AapertureServerOptions extends ServerOptions, Omit<AapertureOptions, "runner"> {
  /** The number of servers; aaperture is deployed on the first. @default 1 */
  readonly servers?: number;
  /** The commands run on the server itself, without SSH (E14).
   * @default as `npm run proof` says */
  readonly local?: boolean;
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

  /** Starts the server and makes the stacks, without a deployment. */
  static async open(
    stacks: readonly StackName[],
    {
      secrets,
      users = allAs(deployUser),
      servers = 1,
      local = deploysLocally,
      ...options
    }: AapertureServerOptions = {},
  ): Promise<AapertureServer> {
    const folder = openRunFolder();
    const started = await startServers(servers, { ...options, ...(local && { shared: sharedWithServer }) });
    const [server] = started.servers;
    if (server === undefined) throw new Error("there is no server");
    for (const user of new Set(Object.values(users))) await prepareUser(started, server, { user, local });
    const runner = local ? (own: string) => runOnServer(server, users.staging ?? "root", own) : undefined;
    const aaperture = await Aaperture.create(folder, started, stacks, { secrets, users, runner });
    return new AapertureServer(started, server, aaperture, folder);
  }

  /** Runs a script on the server, which must succeed, and returns its output. */
  async on(script: string): Promise<string> {
    const { code, stdout, stderr } = await this.server.exec(["bash", "-ceu", script]);
    if (code !== 0) throw new Error(`${script} ended with ${code}\n${stderr}`);
    return stdout.trim();
  }

  /** Lets a key observe the server and do nothing else, as an administrator does. */
  async admitObserver(observeKey: string): Promise<void> {
    await prepareUser(this.started, this.server, { user: deployUser, observeKey });
  }

  async close(): Promise<void> {
    await this.started.stop();
    closeRunFolder(this.folder);
  }
}

/** The users of both stacks; root needs no preparation. */
function allAs(user: "root" | "deploy"): Users {
  return user === "root" ? {} : { staging: user, production: user };
}

/** The values of `slipway host prepare`. */
interface PreparedUser {
  readonly user: string;
  /** The user runs slipway on the server itself. */
  readonly local?: boolean;
  readonly observeKey?: string;
}

/** Lets a user deploy, as an administrator does by the script of `slipway host prepare`. */
export async function prepareUser(
  { agentSocket }: TestServers,
  server: TestServer,
  { user, local = false, observeKey = "" }: PreparedUser,
): Promise<void> {
  const { stdout } = await runChild(["ssh-add", "-L"], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket } });
  const { code, stderr } = await server.ssh("sh", {
    stdin: prepareScript({ user, key: local ? "" : stdout.trim(), observeKey }),
  });
  if (code !== 0) throw new Error(`the server cannot be prepared for ${user}\n${stderr}`);
}
