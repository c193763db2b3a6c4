import { spawn } from "node:child_process";
import { createServer, type AddressInfo, type Socket } from "node:net";
import ssh2 from "ssh2";
import type { AuthContext, Connection, ServerChannel, Session, SetEnvInfo } from "ssh2";
import { FakeSshAgent, keyPair, type KeyPair } from "./ssh-agent.ts";

/** The differences of a server from one that accepts only the agent's key. */
export interface SshOptions {
  readonly hostKey?: KeyPair;
  /** A password that is also accepted. */
  readonly password?: string;
  /** The number of connections that are closed at once, before the first is served. */
  readonly refusals?: number;
}

/** The `connection` of a server, with its host key and the agent. */
export type ServerConnection = Readonly<
  Record<"host" | "user" | "hostKey" | "agentSocketPath", string> & Record<"port", number>
>;

/**
 * An SSH server on this machine. It runs commands in a real shell, but `cut` closes the connection, and `deaf` succeeds
 * without reading its input. It accepts environment variables that begin with FOO_.
 */
export interface SshServer {
  /** The connection that works: with the server's host key, and the agent that holds the user's key. */
  readonly connection: ServerConnection;
  readonly hostKey: string;
  /** The number of connections so far, including closed ones. */
  readonly connections: () => number;
  /** The host key algorithm of each connection. */
  readonly algorithms: () => readonly string[];
  /** The commands so far. */
  readonly commands: () => readonly string[];
}

/** Runs a server while `work` runs. */
export async function withSsh(options: SshOptions, work: (server: SshServer) => Promise<void>): Promise<void> {
  const hostKey = options.hostKey ?? keyPair();
  const user = keyPair();
  const agent = new FakeSshAgent(user);
  const commands: string[] = [];
  const algorithms: string[] = [];
  const sockets: Socket[] = [];
  const server = new ssh2.Server({ hostKeys: [hostKey.private] });
  server.on("connection", (client: Connection) => {
    const cut = (): void => void sockets.at(-1)?.end();
    client.on("authentication", (context) => authenticate(context, user, options.password));
    client.on("session", (accept) => answer(accept(), commands, cut));
    client.on("handshake", (negotiated) => algorithms.push(negotiated.serverHostKey));
    client.on("error", () => undefined);
  });
  const listener = createServer((socket) => {
    sockets.push(socket);
    if (sockets.length > (options.refusals ?? 0)) server.injectSocket(socket);
    else socket.destroy();
  });
  const port = await new Promise<number>((resolve) => {
    listener.listen(0, "127.0.0.1", () => resolve(portOf(listener.address())));
  });
  const line = hostKey.public.split(" ").slice(0, 2).join(" ");
  try {
    await work({
      connection: { host: "127.0.0.1", port, user: "root", hostKey: line, agentSocketPath: agent.socket },
      hostKey: line,
      connections: () => sockets.length,
      algorithms: () => algorithms,
      commands: () => commands,
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    listener.close();
    agent.stop();
  }
}

function authenticate(context: AuthContext, user: KeyPair, password: string | undefined): void {
  const wanted = ssh2.utils.parseKey(user.public);
  if (wanted instanceof Error) throw wanted;
  if (context.method === "publickey" && context.key.data.equals(wanted.getPublicSSH())) {
    const { signature, blob } = context;
    if (signature === undefined || (blob !== undefined && wanted.verify(blob, signature))) {
      context.accept();
      return;
    }
  }
  if (context.method === "password" && context.password === password) context.accept();
  else context.reject(password === undefined ? ["publickey"] : ["password", "publickey"]);
}

function answer(session: Session, commands: string[], cut: () => void): void {
  const variables: Record<string, string> = {};
  session.on("env", (accept, reject, { key, val }: SetEnvInfo) => {
    if (!key.startsWith("FOO_")) {
      reject();
      return;
    }
    variables[key] = val;
    accept();
  });
  session.on("exec", (accept, _reject, { command }) => {
    commands.push(command);
    const channel = accept();
    if (command === "cut") channel.write("before\n", cut);
    else if (command === "deaf") end(channel, 0);
    else run(command, variables, channel);
  });
}

function run(command: string, variables: Record<string, string>, channel: ServerChannel): void {
  const child = spawn("/bin/sh", ["-c", command], { env: { ...process.env, ...variables } });
  channel.pipe(child.stdin).on("error", () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.once("close", (code, signal) => end(channel, code ?? signal ?? 0));
}

function end(channel: ServerChannel, how: number | string): void {
  if (typeof how === "number") channel.exit(how);
  else channel.exit(how.replace(/^SIG/, ""));
  channel.end();
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the test's SSH server has no port");
  return address.port;
}
