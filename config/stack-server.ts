import { connectionOf, type Connection } from "../model/connection.ts";
import { configurationError, UserError } from "../model/problem.ts";
import { readDraft } from "./draft.ts";
import { readProjectFiles, readStackFiles } from "./stack-files.ts";

/** The server of a stack, as its file says. */
export interface StackServer {
  /** `project/stack`. */
  readonly stack: string;
  /** The server's path in the configuration. */
  readonly path: string;
  readonly connection: Connection;
  /** Seconds that a run waits for the server's lease. */
  readonly lease: number;
}

/** The server of a stack; undefined if its file names none, or if it has no file. */
export function findStackServer(
  folder: string,
  stack: string,
  environment: NodeJS.ProcessEnv,
): StackServer | undefined {
  const files = readProjectFiles(folder);
  if (!files.stacks.includes(stack)) return undefined;
  const { host, hosts } = readStackFiles(files, stack).texts;
  return host === undefined && hosts === undefined ? undefined : readStackServer(folder, stack, environment);
}

/**
 * Reads the server of a stack from the stack's file alone. Whatever else is wrong in the project must not keep an
 * operator from what runs there.
 */
export function readStackServer(folder: string, stack: string, environment: NodeJS.ProcessEnv): StackServer {
  const files = readProjectFiles(folder);
  const { draft, problems } = readDraft({ texts: readStackFiles(files, stack).texts, stack, environment });
  const ofHosts = problems.filter(({ path }) => /^hosts?(\.|$)/.test(path));
  if (ofHosts.length > 0) throw configurationError(ofHosts);
  const [host] = Object.values(draft.hosts);
  if (host === undefined) throw new UserError({ path: "host", what: "is missing", todo: "say which server it is" });
  return { stack: `${files.project}/${stack}`, path: host.path, connection: connectionOf(host), lease: draft.lease };
}
