import { spawn } from "node:child_process";
import type { Connection } from "../../model/connection.ts";
import { exitCode } from "../../process/child.ts";
import { childEnvironment } from "../../process/environment.ts";
import { sshCommand } from "../ssh.ts";
import { requireThisMachine } from "../this-machine.ts";

interface RunOptions {
  readonly connection: Connection;
  /** The command line. */
  readonly command: string;
  /** The command uses our terminal: over SSH it gets one there, which has the size and the keys of ours. */
  readonly terminal: boolean;
  /** Environment of ssh; it names the agent that holds the key. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs a command line on a server with our own input and output, and returns its exit code; 255 is ssh's own. */
export async function runOn({ connection, command, terminal, environment }: RunOptions): Promise<number> {
  const [name = "", ...words] = wordsOf(connection, command, terminal);
  const child = spawn(name, words, { stdio: "inherit", env: childEnvironment(environment) });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(exitCode(code, signal)));
  });
}

/** On this machine it stays in our session, unlike a run: the terminal is ours. */
function wordsOf(connection: Connection, command: string, terminal: boolean): string[] {
  if (connection.via === "ssh") return sshCommand(connection, command, terminal);
  requireThisMachine(connection);
  return ["sh", "-c", command];
}
