import * as pulumi from "@pulumi/pulumi";
import { assembleDeployment, type LoadedDeployment } from "./assemble.ts";
import type { StackTexts } from "./source.ts";

/** Reads the stack that Pulumi runs and all files that belong to it, or throws every problem. */
export async function loadDeployment({
  environment = process.env,
  found,
}: Partial<Pick<StackTexts, "environment" | "found">> = {}): Promise<LoadedDeployment> {
  const project = pulumi.getProject();
  return await assembleDeployment({
    project,
    stack: pulumi.getStack(),
    root: pulumi.getRootDirectory(),
    texts: ownKeys(project, pulumi.runtime.allConfig()),
    environment,
    ...(found !== undefined && { found }),
  });
}

/** The keys of the project, without its name. Keys of other namespaces belong to Pulumi and its providers. */
function ownKeys(project: string, all: Readonly<Record<string, string>>): Record<string, string> {
  const start = `${project}:`;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(start))
      .map(([key, value]) => [key.slice(start.length), value]),
  );
}
