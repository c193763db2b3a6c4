import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parseJson } from "../../model/json.ts";
import { commandWishSchema, type CommandWish } from "../../model/session/command.ts";
import { Failure, sameVersion } from "../failure.ts";
import { readStateFile, writeStateFile } from "../files/state-file.ts";
import type { Places } from "../places.ts";
import { Presence } from "../session/presence.ts";
import type { View } from "../view.ts";
import { containerFor, projectFor } from "./target.ts";

/** A command that waits for its door, with the folder of the process that keeps it. */
interface Ticket {
  readonly wish: CommandWish;
  readonly folder: string;
}

/**
 * Keeps a command for its door. Its words come as data, and go no other way: not by ssh's command line, which a shell
 * reads and sudo logs. What cannot run is refused here, where the reason can be told.
 */
export async function keepCommand(wish: CommandWish, view: View, folder: string): Promise<string> {
  if (wish.kind === "exec") await containerFor(wish, view);
  else await projectFor(wish, view);
  const ticket = randomUUID().replaceAll("-", "");
  writeStateFile(fileOf(folder, ticket), JSON.stringify(wish));
  return ticket;
}

/** Finds a command by its ticket, among those that living processes keep. */
export async function findTicket({ stackRun }: { readonly stackRun: string } & Places, ticket = ""): Promise<Ticket> {
  if (!/^[0-9a-f]{32}$/.test(ticket)) throw new Failure("command", `'${ticket}' is no ticket; ${sameVersion}`);
  for (const folder of await Presence.living(stackRun)) {
    const text = readStateFile(fileOf(folder, ticket));
    if (text !== undefined) return { wish: commandWishSchema.parse(parseJson(text)), folder };
  }
  throw new Failure("command", "its connection has ended already; run it again");
}

function fileOf(folder: string, ticket: string): string {
  return join(folder, "commands", ticket);
}
