import type { Call } from "../door.ts";
import { messageOf } from "../../model/problem.ts";
import type { CommandWish } from "../../model/session/command.ts";
import { printable } from "../../model/printable.ts";
import { untilDead } from "../session/presence.ts";
import { ServerView } from "../view.ts";
import { execCommand } from "./exec.ts";
import { noteContainer } from "./left-containers.ts";
import { runCommand } from "./run.ts";
import { containerFor, projectFor } from "./target.ts";
import { findTicket } from "./ticket.ts";

/**
 * Runs a command that an attending process keeps, on this process's own input and output, and ends with its exit code.
 * It ends with the attending process, so also when the connection of its operator is lost.
 */
export async function command({ words, places, engine, messages }: Call): Promise<number> {
  const { wish, folder } = await findTicket(places, words[0]);
  const view = new ServerView(places, engine);
  const over = new AbortController();
  const ended = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => ended.abort());
  const lost = AbortSignal.any([untilDead(folder, over.signal), ended.signal]);
  try {
    messages.log(wish.kind, `${wish.who} begins ${textOf(wish)}`);
    const noted = (container: string): Disposable => noteContainer(folder, words[0] ?? "", container);
    const code = await start(wish, view, { lost, noted });
    messages.log(wish.kind, `${textOf(wish)} ended with ${code}`);
    return code;
  } catch (error) {
    messages.log(wish.kind, `${textOf(wish)} failed: ${messageOf(error)}`);
    throw error;
  } finally {
    over.abort();
  }
}

async function start(
  wish: CommandWish,
  view: ServerView,
  { lost, noted }: Omit<Parameters<typeof runCommand>[2], "engine">,
): Promise<number> {
  if (wish.kind === "exec") return await execCommand(await containerFor(wish, view), wish, view.engine, lost);
  return await runCommand(await projectFor(wish, view), wish, { engine: view.engine, lost, noted });
}

/** Arguments may hold secrets, so only the program is named. */
function textOf({ service, words: [program = "its own command"] }: CommandWish): string {
  return `'${printable(program).slice(0, 60)}' for '${service}'`;
}
