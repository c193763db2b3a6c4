import { z } from "zod";
import { policySchema } from "../model/stack/policy-settings.ts";
import { adoptSettings, composeProject, volumeName } from "./schema/adopt.ts";
import { dataFolder, dataSettings, fileLimits } from "./schema/data.ts";
import { directory } from "./schema/directory.ts";
import { imageName, platform } from "./schema/image.ts";
import { portSettings } from "./schema/ports.ts";
import { networkSettings } from "./schema/networks.ts";
import {
  composeFiles,
  domainName,
  duration,
  envFileContent,
  fileIn,
  gateTime,
  healthCheck,
  hostKey,
  hostName,
  port,
  serverAddress,
  serviceNames,
  size,
  variableName,
} from "./schema/value.ts";

const hostSchema = z.strictObject({
  connection: z.enum(["ssh", "local"]).default("ssh"),
  address: serverAddress,
  port: port.default(22),
  user: z
    .string()
    .regex(
      /^[a-z_][a-z0-9_-]{0,31}$/,
      "is not a Linux user name; use small letters, digits, '_' and '-', such as deploy",
    ),
  hostKey,
});

/** The keys whose texts may name variables of the environment, as in `${SERVER_HOST}`. */
const expandable = z.registry();

/** The settings of one service; a service that the stack does not name has those of `{}`. */
export const serviceSchema = z.strictObject({
  release: z.boolean().default(false),
  port: port.optional(),
  health: healthCheck.optional(),
  data: dataSettings.optional(),
  memory: size.optional(),
  boot: duration.prefault("60 seconds"),
  start: z.enum(["with-release", "after-switch"]).optional(),
  job: z.boolean().optional(),
  openSecrets: z.boolean().optional(),
  drop: z.array(z.string()).default([]),
});

/**
 * Every key of a stack, with its default; those of the policy are in `policySchema`. Two defaults depend on the
 * stack's name, so `readDraft` completes them: `environment` is that name, and `<environment>` in the path of the
 * encrypted file is replaced.
 */
export const environmentSchema = z.strictObject({
  host: hostSchema.optional().register(expandable),
  hosts: z.record(hostName, hostSchema).optional().register(expandable),
  directory: directory.register(expandable),
  project: composeProject.register(expandable),
  environment: z.string().min(1, "is empty; name the environment, such as staging").optional(),
  domain: domainName.optional().register(expandable),
  protected: z.boolean().default(false),
  compose: composeFiles.optional(),
  profiles: z.array(z.string().min(1, "is empty; name a profile of the compose file")).default([]),
  ports: z.record(z.string(), portSettings).default({}),
  services: z.record(z.string(), serviceSchema).default({}),
  folders: z.record(z.string().min(1, "is empty; name a folder of the compose file"), dataFolder).default({}),
  volumes: z.record(z.string(), volumeName).default({}),
  files: fileLimits.prefault({}),
  networks: networkSettings.prefault({}),
  platforms: z.array(platform).min(1, "is empty; name the platform of the server").default(["linux/amd64"]),
  proxy: z.strictObject({ image: imageName.default("traefik:v3.6"), memory: size.optional() }).prefault({}),
  release: z
    .strictObject({ from: z.literal("pipeline").default("pipeline"), file: z.string().default("release.json") })
    .prefault({}),
  strategy: z.enum(["blue-green", "recreate"]).default("blue-green"),
  gate: z
    .strictObject({
      answers: z.int().min(1, "is not a count; use 1 to 1000").max(1000, "is not a count; use 1 to 1000").default(10),
      window: gateTime.prefault("3 seconds"),
      interval: gateTime.prefault("200 milliseconds"),
    })
    .prefault({}),
  watch: duration.prefault("5 seconds"),
  warm: z.enum(["running", "stopped", "none"]).default("stopped"),
  keep: z
    .strictObject({
      releases: z.int().min(2, "is too few; use 2 to 100").max(100, "is too many; use 2 to 100").default(5),
      disk: size.optional(),
    })
    .prefault({}),
  memory: z
    .strictObject({
      reserve: size.prefault("512 MB"),
      overcommit: z.string().min(1, "is empty; say why the server is given more than it has").optional(),
    })
    .prefault({}),
  lease: duration.prefault("5 minutes"),
  migration: z.strictObject({ service: serviceNames, deadline: duration.prefault("10 minutes") }).optional(),
  env: z
    .strictObject({
      file: fileIn("infra/env/<environment>.env.enc", "is empty; write the encrypted file's path"),
      command: z.array(z.string()).min(1, "is empty; write the program and its arguments").optional(),
      timeout: duration.prefault("60 seconds"),
      contract: fileIn(".env.example", "is empty; write the path of the list of variables"),
      files: z.record(z.string(), envFileContent).default({}),
    })
    .prefault({}),
  variables: z.record(z.string(), z.string()).default({}),
  secrets: z.record(z.string(), z.string()).default({}),
  registries: z
    .record(
      z.string(),
      z.strictObject({
        user: z.string().min(1, "is empty; name the account that pulls"),
        passwordVariable: variableName,
      }),
    )
    .default({}),
  adopt: adoptSettings.prefault({}),
  policy: policySchema.prefault({}),
  fingerprintKey: z.string().min(32, "is too short for a secret; make one with `slipway init`"),
});

/** The address, port, user and host key of one server. */
export type HostConfig = z.output<typeof hostSchema>;

/** Keys whose texts may name variables of the environment. */
export const expandableKeys = keysWhere((schema) => expandable.has(schema));

/** Keys whose value is a text; Pulumi passes on every other value as JSON. */
export const textKeys = keysWhere(isText);

function keysWhere(fits: (schema: z.core.$ZodType) => boolean): readonly string[] {
  return Object.entries(environmentSchema.shape).flatMap(([key, schema]) => (fits(schema) ? [key] : []));
}

function isText(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isText(schema.unwrap());
  return schema instanceof z.ZodString;
}
