import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { CommandWish } from "../../model/session/command.ts";
import type { Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { systemCode } from "../failure.ts";
import { Terminal } from "./terminal.ts";
import { ReaderLeft, writeBoth } from "./write-both.ts";

/** Milliseconds for a command to end by itself once nobody is there any more. */
const endMilliseconds = 5_000;

/**
 * Runs a command in a container, by the engine's API: `docker exec` could not end it, since the engine passes on no
 * signal. It gets our input and terminal, and its exit code is returned. If its caller is lost, it is ended.
 */
export async function execCommand(
  { id }: Container,
  { words, terminal }: CommandWish,
  { streams }: Engine,
  lost: AbortSignal,
): Promise<number> {
  using screen = new Terminal(terminal);
  const exec = await Engine.during("exec", () => streams.exec(id, { words, terminal, size: screen.size }));
  const socket = await Engine.during("exec", () => streams.attach(exec, terminal));
  screen.begin((size) => void streams.resize(exec, size).catch(() => undefined));
  process.stdin.pipe(socket);
  const end = (): void => void endCommand(streams, exec, socket);
  lost.addEventListener("abort", end, { once: true });
  if (lost.aborted) end();
  try {
    await writeBoth(socket, terminal);
  } catch (error) {
    if (!(error instanceof ReaderLeft)) throw error;
    await endCommand(streams, exec, socket); // as SIGPIPE would end it
  } finally {
    lost.removeEventListener("abort", end);
    process.stdin.unpipe(socket);
    socket.destroy();
  }
  return await exitCodeOf(streams, exec);
}

/** The output may end before the engine has noted the code. */
async function exitCodeOf(streams: Engine["streams"], exec: string): Promise<number> {
  for (;;) {
    const { Running: isRunning, ExitCode: code } = await streams.execState(exec);
    if (!isRunning) return code ?? 1;
    await pause(50);
  }
}

/** Asks the command to end, and ends it if it does not. */
async function endCommand(streams: Engine["streams"], exec: string, socket: Duplex): Promise<void> {
  const { Pid: pid } = await streams.execState(exec);
  signal(pid, "SIGTERM");
  const until = performance.now() + endMilliseconds;
  while (performance.now() < until && (await streams.execState(exec)).Running) await pause(100);
  if ((await streams.execState(exec)).Running) signal(pid, "SIGKILL");
  socket.destroy();
}

/** The engine starts a command as the leader of a group, in which its children are. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 1) process.kill(-pid, name);
  } catch (error) {
    if (systemCode(error) !== "ESRCH") throw error;
  }
}
