import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { assembleDeployment, type LoadedDeployment } from "../../config/assemble.ts";
import { checkout } from "../../toolchain/paths.ts";
import { copyRootProject } from "./root-project.ts";
import { hostKey } from "./trial-repository.ts";

const projectSchema = z.object({ config: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })) });
const stackSchema = z.object({ config: z.record(z.string(), z.unknown()) });

const read = (file: string): unknown => parse(readFileSync(join(checkout, file), "utf8"));

/** Reads a stack of the root project as `slipway up` would, with invented secrets and digests. */
export async function loadAaperture(stack: string): Promise<LoadedDeployment> {
  const shared = Object.entries(projectSchema.parse(read("Pulumi.yaml")).config).map(([key, value]) => [
    key,
    value.default,
  ]);
  const own = Object.entries(stackSchema.parse(read(`Pulumi.${stack}.yaml`)).config).map(([key, value]) => [
    key.replace(/^aaperture:/, ""),
    value,
  ]);
  const made = {
    fingerprintKey: "0123456789abcdef0123456789abcdef",
    secrets: { POSTGRES_PASSWORD: "canary-of-sixteen" },
  };
  const said = [...shared, ...own, ...Object.entries(made)].filter(([, value]) => value !== undefined);
  const texts = said.map(([key, value]) => [String(key), typeof value === "string" ? value : JSON.stringify(value)]);
  const project = copyRootProject();
  try {
    return await assembleDeployment({
      project: "aaperture",
      stack,
      root: project.folder,
      texts: z.record(z.string(), z.string()).parse(Object.fromEntries(texts)),
      environment: { SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy", SERVER_HOST_KEY: hostKey },
    });
  } finally {
    project.remove();
  }
}
