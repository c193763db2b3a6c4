import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { unknown, type Properties } from "../base/property.ts";
import { resourceType, type Operation, type ResourceType, type Saved } from "../base/resource-type.ts";
import { Output, type Printed } from "./output.ts";
import { quotation } from "./quotation.ts";

/** The inputs that local and remote commands share. */
export const commandInputs = {
  create: z.string().exactOptional(),
  update: z.string().exactOptional(),
  delete: z.string().exactOptional(),
  stdin: z.string().exactOptional(),
  environment: z.record(z.string(), z.string()).exactOptional(),
  logging: z.string().exactOptional(),
  addPreviousOutputInEnv: z.boolean().exactOptional(),
};

type CommandInputs = z.infer<z.ZodObject<typeof commandInputs>>;

/** One command to run. */
export interface Execution<Inputs> {
  readonly command: string;
  readonly inputs: Inputs;
  /** The output of the last create or update, as environment variables for this command. */
  readonly previousOutput: Readonly<Record<string, string>>;
  readonly output: Output;
  readonly operation: Operation;
}

/** A kind of command, local or remote: its inputs and how it runs. */
interface CommandKind<Inputs extends CommandInputs> {
  readonly token: string;
  readonly inputs: z.ZodType<Inputs>;
  readonly secrets: readonly string[];
  defaults(inputs: Properties): Properties;
  /** Runs a command. Returns a description of its failure, or undefined; throws if it cannot be started. */
  run(execution: Execution<Inputs>): Promise<string | undefined>;
}

const noOutput: Printed = { stdout: "", stderr: "" };

/** Makes the resource type of a kind of command. */
export function commandType<Inputs extends CommandInputs & Properties>(kind: CommandKind<Inputs>): ResourceType {
  const run = async (command: string | undefined, inputs: Inputs, printed: Printed, operation: Operation) =>
    command === undefined ? printed : execute(kind, command, inputs, printed, operation);
  return resourceType<Inputs, { inputs: Inputs; printed: Printed }>({
    token: kind.token,
    inputs: kind.inputs,
    state: stateOf(kind.inputs),
    computed: [],
    secrets: kind.secrets,
    replaceOnChanges: [],
    defaults: (inputs) => kind.defaults(withoutNulls(inputs)),
    previewId: newId,
    preview,
    create: async (inputs, operation) => {
      const printed = await run(inputs.create, inputs, noOutput, operation);
      return { id: newId(operation.name), state: { ...inputs, ...printed } };
    },
    update: async ({ state }, inputs, operation) => {
      const printed = await run(inputs.update ?? inputs.create, inputs, state.printed, operation);
      return { ...inputs, ...printed };
    },
    // The program may no longer contain the resource, so the command comes from the state.
    delete: async ({ state }, operation) => {
      await run(state.inputs.delete, state.inputs, state.printed, operation);
    },
  });
}

/** A new id in the format of the official plugin: the resource's name and eight hex digits. */
function newId(name: string): string {
  return name + randomBytes(4).toString("hex");
}

/** Runs a command, shows its output, and throws the official plugin's error if it fails. */
async function execute<Inputs extends CommandInputs>(
  kind: CommandKind<Inputs>,
  command: string,
  inputs: Inputs,
  printed: Printed,
  operation: Operation,
): Promise<Printed> {
  const output = new Output(inputs.logging, operation);
  const previousOutput = inputs.addPreviousOutputInEnv === false ? {} : asVariables(printed);
  const failure = await kind.run({ command, inputs, previousOutput, output, operation });
  await output.logged();
  if (failure !== undefined) throw new Error(`${failure}: running ${quotation(command)}:\n${output.combined()}`);
  return output.printed();
}

/** The environment variables for the previous output; empty output sets none. */
function asVariables({ stdout, stderr }: Printed): Record<string, string> {
  const variables = { PULUMI_COMMAND_STDOUT: stdout, PULUMI_COMMAND_STDERR: stderr };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}

/** The schema of the state, which holds inputs and output at one level. */
function stateOf<Inputs>(inputs: z.ZodType<Inputs>): z.ZodType<{ inputs: Inputs; printed: Printed }> {
  const printed = z.object({ stdout: z.string().default(""), stderr: z.string().default("") });
  return z.preprocess((state) => {
    const { stdout, stderr, ...rest } = z.record(z.string(), z.unknown()).parse(state);
    return { inputs: rest, printed: { stdout, stderr } };
  }, z.object({ inputs, printed }));
}

/** Marks the output as unknown if a command will run. Like the official plugin, it does not notice an added input. */
function preview(inputs: Properties, old: Saved<Properties, Properties> | undefined): Properties {
  const unknownOutput: Properties = { stdout: unknown, stderr: unknown };
  if (old === undefined) return { ...inputs, ...unknownOutput };
  const { stdout = "", stderr = "", ...before } = old.state;
  const changed = Object.keys({ ...inputs, ...before }).some(
    (name) => inputs[name] === unknown || (name in before && !isDeepStrictEqual(inputs[name], before[name])),
  );
  return { ...inputs, stdout, stderr, ...(changed ? unknownOutput : {}) };
}

function withoutNulls(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
}
