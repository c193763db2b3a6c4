import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../model/json.ts";
import { messageOf } from "../../model/problem.ts";
import type { Engine } from "../docker/engine.ts";
import { listStateFiles, readStateFile, writeStateFile } from "../files/state-file.ts";

const noteSchema = z.object({ container: z.string(), pid: z.number() });

/** Notes the container that this process makes for a command, until the end of a block. */
export function noteContainer(folder: string, ticket: string, container: string): Disposable {
  const path = join(folder, "commands", `${ticket}.json`);
  writeStateFile(path, JSON.stringify({ container, pid: process.pid }));
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

/** Removes the containers of commands whose door was killed: Compose goes on without it, and they may never end. */
export async function removeLeftContainers(
  folder: string,
  engine: Pick<Engine, "removeContainer">,
  say: (phase: string, message: string) => void,
): Promise<void> {
  const commands = join(folder, "commands");
  for (const name of listStateFiles(commands)) {
    const { data } = noteSchema.safeParse(parseJson(readStateFile(join(commands, name)) ?? ""));
    if (data === undefined || existsSync(`/proc/${data.pid}`)) continue;
    try {
      await engine.removeContainer(data.container);
      say("run", `removed '${data.container}', whose command was killed`);
    } catch (error) {
      say("run", `'${data.container}' stays, whose command was killed: ${messageOf(error)}`);
    }
  }
}
