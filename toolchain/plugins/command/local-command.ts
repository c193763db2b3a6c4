import { z } from "zod";
import { commandInputs, commandType, type Execution } from "./command.ts";
import { runProgram } from "./local-program.ts";

const inputs = z.strictObject({
  ...commandInputs,
  dir: z.string().exactOptional(),
  interpreter: z.array(z.string()).exactOptional(),
});

type Inputs = z.infer<typeof inputs>;

/** `command.local.Command`: a command on the machine that runs Pulumi. */
export const localCommand = commandType<Inputs>({
  token: "command:local:Command",
  inputs,
  secrets: [],
  defaults: (given) => given,
  run,
});

function run({ command, inputs, previousOutput, output, operation }: Execution<Inputs>): Promise<string | undefined> {
  const [name = "/bin/sh", ...words] = inputs.interpreter ?? [];
  return runProgram({
    name,
    words: [...(inputs.interpreter?.length ? words : ["-c"]), command],
    directory: inputs.dir,
    environment: { ...process.env, ...inputs.environment, ...previousOutput },
    stdin: inputs.stdin ?? "",
    output,
    signal: operation.signal,
  });
}
