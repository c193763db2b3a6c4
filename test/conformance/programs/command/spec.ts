import { z } from "zod";

/** The connection of a remote command. */
export const connection = z.strictObject({
  host: z.string(),
  port: z.number(),
  user: z.string().exactOptional(),
  hostKey: z.string().exactOptional(),
  privateKey: z.string().exactOptional(),
  agentSocketPath: z.string().exactOptional(),
  dialErrorLimit: z.number().exactOptional(),
  perDialTimeout: z.number().exactOptional(),
});

const inputs = z.strictObject({
  create: z.string().exactOptional(),
  update: z.string().exactOptional(),
  delete: z.string().exactOptional(),
  stdin: z.string().exactOptional(),
  environment: z.record(z.string(), z.string()).exactOptional(),
  logging: z.enum(["stdout", "stderr", "stdoutAndStderr", "none"]).exactOptional(),
  addPreviousOutputInEnv: z.boolean().exactOptional(),
  triggers: z.array(z.string()).exactOptional(),
  dir: z.string().exactOptional(),
  interpreter: z.array(z.string()).exactOptional(),
  assetPaths: z.array(z.string()).exactOptional(),
});

const options = z.strictObject({
  additionalSecretOutputs: z.array(z.string()).exactOptional(),
  ignoreChanges: z.array(z.string()).exactOptional(),
  deleteBeforeReplace: z.boolean().exactOptional(),
  retainOnDelete: z.boolean().exactOptional(),
});

/** A command that commands.ts declares: a remote one if it has a connection. */
const commandSpec = z.strictObject({
  connection: connection.exactOptional(),
  inputs,
  options: options.exactOptional(),
  /** Inputs that the program marks as secret. */
  secrets: z.array(inputs.keyof()).exactOptional(),
  /** The name of a command that it depends on. */
  after: z.string().exactOptional(),
});

export const commandSpecs = z.record(z.string(), commandSpec);

export type Connection = z.infer<typeof connection>;
export type CommandInputs = z.infer<typeof inputs>;
export type CommandOptions = z.infer<typeof options>;
export type CommandSpec = z.infer<typeof commandSpec>;
export type CommandSpecs = z.infer<typeof commandSpecs>;
