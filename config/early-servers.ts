import { connectionOf, type Connection } from "../model/connection.ts";
import { UserError } from "../model/problem.ts";
import { readDraft } from "./draft.ts";
import { readProjectFiles, readStackFiles } from "./stack-files.ts";

interface EarlyStack {
  /** A folder of the Pulumi project. */
  readonly folder: string;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The servers of a stack, before the engine passes its configuration on. */
export interface EarlyServers {
  /** `project/stack`. */
  readonly stack: string;
  /** None where the files leave a question, which the run itself will ask. */
  readonly servers: readonly Connection[];
}

/** Reads the servers of a stack from its files; undefined if these cannot be read. */
export function readEarlyServers({ folder, stack, environment }: EarlyStack): EarlyServers | undefined {
  try {
    const files = readProjectFiles(folder);
    const { draft, problems } = readDraft({ texts: readStackFiles(files, stack).texts, stack, environment });
    const servers = problems.some(({ path }) => /^hosts?\b/.test(path)) ? [] : Object.values(draft.hosts);
    return { stack: `${files.project}/${stack}`, servers: servers.map(connectionOf) };
  } catch (error) {
    if (error instanceof UserError) return undefined; // the run will say it
    throw error;
  }
}
