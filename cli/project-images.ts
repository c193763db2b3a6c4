import { join } from "node:path";
import type { ReadImages } from "../config/images/read.ts";
import { readOfflineImages } from "../config/offline.ts";
import { registryLogins } from "../config/registry-login.ts";
import { readProjectFiles } from "../config/stack-files.ts";
import { configurationError, type Problem } from "../model/problem.ts";
import type { Stack } from "../model/stack/stack.ts";
import { RegistryClient } from "../registry/client.ts";
import { RegistryConnection } from "../registry/connection.ts";
import { credentialsOf } from "../registry/credential.ts";
import { dockerCredentials } from "../registry/docker-settings.ts";
import { shortStackName } from "./stack/stack-name.ts";
import { waits } from "./waits.ts";

/** The images of one stack. */
export interface StackImages extends Pick<ReadImages, "draft"> {
  readonly stack: Stack;
}

interface ProjectImages {
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  readonly stacks: readonly StackImages[];
}

interface ImagesRequest {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The stacks to read; all of the project if none is named. */
  readonly stacks?: readonly string[];
}

/** Reads the images of stacks from files alone, or throws every problem that could hide one. */
export async function readProjectImages({ folder, environment, stacks = [] }: ImagesRequest): Promise<ProjectImages> {
  const project = readProjectFiles(folder);
  const names = stacks.length === 0 ? project.stacks : stacks.map(shortStackName);
  if (names.length === 0) {
    const what = "the project has no stack, whose images could be looked up";
    throw configurationError({ path: join(project.root, "Pulumi.yaml"), what, todo: "make one with `slipway new`" });
  }
  const problems: Problem[] = [];
  const read: StackImages[] = [];
  for (const name of names) {
    const { draft, stack, problems: found } = await readOfflineImages({ folder, stack: name, environment });
    problems.push(...found);
    if (stack !== undefined) read.push({ stack, draft });
  }
  if (problems.length > 0) throw configurationError(withoutRepeats(problems));
  return { root: project.root, stacks: read };
}

/** Problems of files that several stacks share, each once. */
export function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Lets a task ask registries, with the logins of the stacks, of the job, and of Docker on this machine. */
export async function withRegistries<Result>(
  stacks: readonly StackImages[],
  environment: NodeJS.ProcessEnv,
  task: (client: RegistryClient) => Promise<Result>,
): Promise<Result> {
  // A password that is not set is missed only where its registry wants a login.
  const logins = stacks.flatMap(({ draft }) => registryLogins(draft.registries, environment).logins);
  const connection = new RegistryConnection({ environment });
  using _wait = waits.begin("waits for the registries");
  try {
    return await task(new RegistryClient(connection, credentialsOf(logins, dockerCredentials(environment))));
  } finally {
    connection.close();
  }
}
