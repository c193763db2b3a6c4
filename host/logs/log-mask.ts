import { Buffer } from "node:buffer";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { plainEntriesSchema } from "../../model/session/plain-entries.ts";
import { stackEnvFile } from "../../model/env-folder.ts";
import { readBody } from "../../model/document/bodies.ts";
import { readDocument } from "../../model/document/reader.ts";
import { Failure } from "../failure.ts";
import { secretFolder } from "../files/secret-folder.ts";
import { Tree } from "../files/tree.ts";
import { linesOf, Mask } from "../mask.ts";
import { composeContent } from "../project/compose-file.ts";
import { stackContainers } from "../stack/stack-containers.ts";
import type { StackState } from "../state/stack-state.ts";
import type { View } from "../view.ts";

const memory = "plain entries";
const memorySchema = z.object({ plain: plainEntriesSchema });

/** Remembers what a session calls no secret, for those who look at logs later. */
export function rememberPlainEntries(state: StackState, bytes: Uint8Array): void {
  const { data } = plainEntriesSchema.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  const text = JSON.stringify(data);
  if (data !== undefined && text !== JSON.stringify(state.memory(memory, memorySchema)?.plain))
    state.remember(memory, { plain: data });
}

/**
 * A mask that knows every value that a stack's containers, env files and secret files hold now. The names that the last
 * run called plain are no secrets. Without a session, nothing else tells which values are.
 */
export async function logMask(view: View): Promise<Mask> {
  const mask = new Mask();
  const plain = plainNames(view.state);
  const folders = foldersOf(view.state);
  for (const folder of folders) learnFolder(folder, plain, mask);
  const compose = folders.map((directory) => composeContent({ directory, project: "" }).toString("utf8")).join("\n");
  try {
    for (const { container } of await stackContainers(view)) {
      const environment = container.inspection.Config.Env ?? [];
      mask.allowEnvFile(linesOf(environment.join("\n"), plain).join("\n"));
      mask.learnEnvironment(environment, compose);
    }
  } catch (error) {
    throw new Failure("logs", "cannot hide secrets: a container has too many values; look at its log on the server", {
      cause: error,
    });
  }
  return mask;
}

function plainNames(state: StackState): string[] {
  return [...new Set(Object.values(state.memory(memory, memorySchema)?.plain ?? {}).flat())];
}

/** The folders of a stack's compose projects, with those of both colours. */
function foldersOf(state: StackState): string[] {
  const folders = state.allApplied().applied.flatMap(({ kind, text }) => {
    if (kind !== "compose" && kind !== "rollout" && kind !== "migration" && kind !== "secrets") return [];
    const { directory } = readBody(kind, readDocument(text)?.document.body).body ?? {};
    if (directory === undefined) return [];
    return kind === "rollout" ? [directory, join(directory, "blue"), join(directory, "green")] : [directory];
  });
  return [...new Set(folders)];
}

function learnFolder(folder: string, plain: readonly string[], mask: Mask): void {
  const env = contentOf(join(folder, stackEnvFile));
  if (env !== undefined) {
    const lines = new Set(linesOf(env, plain));
    mask.allowEnvFile([...lines].join("\n"));
    mask.learnEnvFile(
      env
        .split("\n")
        .filter((line) => !lines.has(line))
        .join("\n"),
    );
  }
  for (const name of namesIn(join(folder, secretFolder))) {
    const secret = contentOf(join(folder, secretFolder, name));
    if (secret !== undefined) mask.learn(secret);
  }
}

function contentOf(path: string): string | undefined {
  return new Tree(dirname(path)).at(basename(path), (parent, name) => parent.read(name))?.toString("utf8");
}

function namesIn(path: string): readonly string[] {
  return (
    new Tree(dirname(path)).at(basename(path), (parent, name) => {
      using folder = parent.folder(name);
      return folder?.names() ?? [];
    }) ?? []
  );
}
