import { Buffer } from "node:buffer";
import { parse } from "yaml";
import { z } from "zod";
import { Tree } from "../files/tree.ts";
import type { ProjectPlace } from "./compose-command.ts";

/** The name of every compose file on a server. */
export const composeFile = "compose.yaml";

const serviceSchema = z.looseObject({
  container_name: z.string().optional(),
  scale: z.number().optional(),
  deploy: z.looseObject({ replicas: z.number().optional() }).optional(),
});

const fileSchema = z.looseObject({ services: z.record(z.string(), serviceSchema.nullable()).nullish() });

/** A project's compose file, which holds no secrets; empty where there is none. */
export function composeContent({ directory }: ProjectPlace): Buffer {
  try {
    return new Tree(directory).at(composeFile, (parent, name) => parent.read(name)) ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

/** By name: the service of each container that Compose makes from a compose file. */
export function containerNames(project: string, text: string): ReadonlyMap<string, string> {
  const { data } = fileSchema.safeParse(parsed(text));
  return new Map(
    Object.entries(data?.services ?? {}).flatMap(([service, fields]) =>
      namesOf(project, service, fields ?? {}).map((name) => [name, service] as const),
    ),
  );
}

function namesOf(project: string, service: string, fields: z.output<typeof serviceSchema>): string[] {
  if (fields.container_name !== undefined) return [fields.container_name];
  const replicas = Math.min(fields.deploy?.replicas ?? fields.scale ?? 1, 1000);
  return Array.from({ length: replicas }, (_, index) => `${project}-${service}-${index + 1}`);
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: "silent" });
  } catch {
    return undefined; // Compose itself tells what is wrong with it
  }
}
