import type { ProjectFiles } from "../../config/stack-files.ts";
import { UserError } from "../../model/problem.ts";

/** The characters of names that are offered: a shell would read others, which a file's name may have. */
const plain = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The stacks of a project; none where the project cannot be read. */
export async function stackNames(folder: string): Promise<readonly string[]> {
  return (await projectOf(folder))?.stacks.filter((name) => plain.test(name)) ?? [];
}

/** The services of the compose files of stacks, as far as these can be read; of all stacks if none is named. */
export async function serviceNames(folder: string, environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const { readOfflineImages } = await import("../../config/offline.ts");
  const names = new Set<string>();
  for (const stack of await stackNames(folder)) {
    const read = await unlessRefused(() => readOfflineImages({ folder, stack, environment }));
    for (const { name } of read?.stack?.services ?? []) names.add(name);
  }
  return [...names].filter((name) => plain.test(name)).sort();
}

async function projectOf(folder: string): Promise<ProjectFiles | undefined> {
  const { readProjectFiles } = await import("../../config/stack-files.ts");
  return await unlessRefused(() => Promise.resolve(readProjectFiles(folder)));
}

/** What a task finds; undefined where the project has problems, which the command itself will list. */
async function unlessRefused<Found>(task: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
