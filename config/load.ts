import * as pulumi from "@pulumi/pulumi";
import { assembleDeployment, type LoadedDeployment } from "./assemble.ts";

/** Reads the stack that Pulumi runs, with everything that belongs to it, and throws all problems at once. */
export async function loadDeployment(environment: NodeJS.ProcessEnv = process.env): Promise<LoadedDeployment> {
  const project = pulumi.getProject();
  return await assembleDeployment({
    project,
    stack: pulumi.getStack(),
    root: pulumi.getRootDirectory(),
    texts: ownKeys(project, pulumi.runtime.allConfig()),
    environment,
  });
}

/** The project's own keys, without its name; those of other namespaces are Pulumi's and its providers'. */
function ownKeys(project: string, all: Readonly<Record<string, string>>): Record<string, string> {
  const start = `${project}:`;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(start))
      .map(([key, value]) => [key.slice(start.length), value]),
  );
}
