import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { assembleDeployment, type LoadedDeployment } from "../../config/assemble.ts";
import { checkout } from "../../toolchain/paths.ts";
import { digest, hostKey } from "./trial-repository.ts";

const projectSchema = z.object({ config: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })) });
const stackSchema = z.object({ config: z.record(z.string(), z.unknown()) });

const read = (file: string): unknown => parse(readFileSync(join(checkout, file), "utf8"));

/** Reads a stack of the root project as `slipway up` would, with invented secrets and images. */
export async function loadAaperture(stack: string): Promise<LoadedDeployment> {
  const project = Object.entries(projectSchema.parse(read("Pulumi.yaml")).config).map(([key, value]) => [
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
    images: {
      postgres: digest("postgres:17-alpine"),
      prometheus: digest("prom/prometheus"),
      grafana: digest("grafana/grafana"),
    },
  };
  const said = [...project, ...own, ...Object.entries(made)].filter(([, value]) => value !== undefined);
  const texts = said.map(([key, value]) => [String(key), typeof value === "string" ? value : JSON.stringify(value)]);
  return await assembleDeployment({
    project: "aaperture",
    stack,
    root: checkout,
    texts: z.record(z.string(), z.string()).parse(Object.fromEntries(texts)),
    environment: { SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy", SERVER_HOST_KEY: hostKey },
  });
}
