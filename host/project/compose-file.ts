import { Buffer } from "node:buffer";
import { parse } from "yaml";
import { z } from "zod";
import { replicaName, replicaNameField, replicaNames } from "../../model/container-name.ts";
import { composeFileOf } from "../../model/server-places.ts";
import { Tree } from "../files/tree.ts";
import type { ProjectPlace } from "./compose-command.ts";

const serviceSchema = z.looseObject({
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string().optional() })).optional(),
  container_name: z.string().optional(),
  [replicaNameField]: z.string().optional(),
  scale: z.number().optional(),
  deploy: z.looseObject({ replicas: z.number().optional() }).optional(),
});

const fileSchema = z.looseObject({ services: z.record(z.string(), serviceSchema.nullable()).nullish() });

/** A project's compose file, which holds no secrets; empty where there is none. */
export function composeContent(place: ProjectPlace): Buffer {
  try {
    return new Tree(place.directory).at(composeFileOf(place), (parent, name) => parent.read(name)) ?? Buffer.alloc(0);
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

/** By service: what the names of its containers begin with, where there are several. */
export function replicaNamesOf(text: string): ReadonlyMap<string, string> {
  const { data } = fileSchema.safeParse(parsed(text));
  const services = Object.entries(data?.services ?? {});
  return new Map(
    services.flatMap(([service, fields]) => {
      const name = fields?.[replicaNameField];
      return name === undefined ? [] : [[service, name] as const];
    }),
  );
}

/** By service: the services whose end it waits for. */
export function awaitedEnds(text: string): ReadonlyMap<string, readonly string[]> {
  const { data } = fileSchema.safeParse(parsed(text));
  const awaited = Object.entries(data?.services ?? {}).map(([service, fields]) => {
    const needed = Object.entries(fields?.depends_on ?? {});
    const ends = needed.filter(([, { condition }]) => condition === "service_completed_successfully");
    return [service, ends.map(([name]) => name)] as const;
  });
  return new Map(awaited);
}

function namesOf(project: string, service: string, fields: z.output<typeof serviceSchema>): string[] {
  if (fields.container_name !== undefined) return [fields.container_name];
  const replicas = Math.min(fields.deploy?.replicas ?? fields.scale ?? 1, 1000);
  const named = fields[replicaNameField];
  if (named !== undefined) return replicaNames(named, replicas);
  return Array.from({ length: replicas }, (_, index) => replicaName(`${project}-${service}`, index + 1));
}

function parsed(text: string): unknown {
  if (text === "") return undefined; // there is no file, as for a colour that is idle
  try {
    return parse(text, { logLevel: "silent" });
  } catch {
    return undefined; // Compose itself tells what is wrong with it
  }
}
