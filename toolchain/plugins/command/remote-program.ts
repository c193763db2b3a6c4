import { once } from "node:events";
import { constants } from "node:os";
import type { Client, ClientChannel } from "ssh2";
import type { Execution } from "./command.ts";
import { quotation } from "./quotation.ts";
import { openSession, type Session } from "./session.ts";

/** A command to run in an SSH session, with its environment and input. */
type RemoteProgram = Omit<Execution<unknown>, "inputs"> & {
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
};

/** Runs a command on a server until its session closes. Returns a description of its failure, or undefined. */
export async function runRemotely(client: Client, program: RemoteProgram): Promise<string | undefined> {
  const session = await openSession(client);
  const { channel } = session;
  await setVariables(session, program);
  channel.on("data", (chunk: Buffer) => program.output.write("stdout", chunk));
  channel.stderr.on("data", (chunk: Buffer) => program.output.write("stderr", chunk));
  channel.on("error", () => undefined); // input that could not be sent is noticed below
  const exit = exitOf(channel);
  const closed = once(channel, "close");
  let isSent = program.stdin === "";
  const send = () => {
    if (!isSent) channel.write(program.stdin, (error) => (isSent = !error));
    channel.end();
  };
  if (!(await session.start(program.command, send))) return `ssh: command ${program.command} failed`;
  await closed;
  // A command that ends before all its input was sent counts as failed, even with exit code 0.
  return exit() ?? (isSent ? undefined : "EOF");
}

/** Sets the environment. A rejected variable of the program is an error, one of the previous output a warning. */
async function setVariables(session: Session, program: RemoteProgram): Promise<void> {
  const { environment, previousOutput, operation } = program;
  for (const [name, value] of Object.entries(environment)) {
    if (await session.setVariable(name, value)) continue;
    session.channel.close();
    await operation.log({ message: refusal(name), severity: "error" });
    throw new Error(`could not set environment variable ${quotation(name)}: ssh: setenv failed`);
  }
  for (const [name, value] of Object.entries(previousOutput)) {
    if (await session.setVariable(name, value)) continue;
    await operation.log({ message: refusal(name), severity: "warning" });
  }
}

function refusal(name: string): string {
  return (
    `Unable to set '${name}': the SSH server accepts only the variables that its AcceptEnv names; ` +
    "set it in the command instead"
  );
}

/** Watches how a command ends. The result gives its failure once the session is closed. */
function exitOf(channel: ClientChannel): () => string | undefined {
  let failure: string | undefined = "wait: remote command exited without exit status or exit signal";
  channel.once("exit", (code: number | null, signal = "", _dumped?: unknown, description = "") => {
    if (code === null) failure = signalled(signal, description);
    else failure = code === 0 ? undefined : `Process exited with status ${code}`;
  });
  return () => failure;
}

/** The failure of a command that a signal ended, in the words of Go's SSH library. */
function signalled(signal: string, description: string): string {
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0;
  const reason = description === "" ? "" : `. Reason was: ${description}`;
  return `Process exited with status ${128 + number} from signal ${signal.replace(/^SIG/, "")}${reason}`;
}
