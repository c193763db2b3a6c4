import { readUnfinished } from "../../config/offline.ts";
import { readProjectFiles, readStackFiles, stackFile } from "../../config/stack-files.ts";
import type { Observation } from "../../model/facts/observation.ts";
import { configurationError, UserError } from "../../model/problem.ts";
import { observationScope } from "../../model/stack/observation-scope.ts";
import type { Stack, StackHost } from "../../model/stack/stack.ts";
import { connect } from "../../remote/connect.ts";
import { problemOf } from "../../remote/observe.ts";
import { log } from "../output.ts";
import { waits } from "../waits.ts";

/** A stack by its files, with the server on which a hand-made project runs. */
export interface AdoptingStack {
  readonly project: string;
  readonly stack: Stack;
  readonly host: StackHost;
  /** The key `folders`, of the stack or of the project, as JSON; undefined if neither has it. */
  readonly folders: string | undefined;
  readonly file: { readonly file: string; readonly name: string };
}

/** Reads a stack from its files. What it lacks beside a server, such as secrets, does not matter yet. */
export async function readAdoptingStack(
  folder: string,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<AdoptingStack> {
  const files = readProjectFiles(folder);
  const { read, unset, problems } = await readUnfinished({ folder, stack, environment });
  const ofHosts = [...unset, ...problems].filter(({ path }) => /^hosts?(\.|$)/.test(path));
  if (read === undefined || ofHosts.length > 0) throw configurationError(ofHosts.length > 0 ? ofHosts : [...problems]);
  const [host] = Object.values(read.stack.hosts);
  if (host === undefined)
    throw new UserError({ path: "host", what: "is missing", todo: "say there which server it is" });
  const { folders } = readStackFiles(files, stack).texts;
  return { project: files.project, stack: read.stack, host, folders, file: stackFile(files, stack) };
}

/** Observes the server with all its hand-made projects. */
export async function observeHandMade(
  { stack, host }: Pick<AdoptingStack, "stack" | "host">,
  environment: NodeJS.ProcessEnv,
): Promise<Observation> {
  try {
    const client = await connect({ connection: host.connection, stack: stack.name, environment, say: log, waits });
    try {
      return await client.observe({ ...observationScope(stack, host), handMade: "all" });
    } finally {
      await client.close();
    }
  } catch (error) {
    throw new UserError(problemOf(host, error));
  }
}
