import { z } from "zod";
import { isObject, type Properties } from "../base/property.ts";
import { commandInputs, commandType, type Execution } from "./command.ts";
import { connection, connectionDefaults } from "./connection.ts";
import { dial } from "./dial.ts";
import { runRemotely } from "./remote-program.ts";

const inputs = z.strictObject({ ...commandInputs, connection });

type Inputs = z.infer<typeof inputs>;

/** `command.remote.Command`: a command on a server, over SSH. */
export const remoteCommand = commandType<Inputs>({
  token: "command:remote:Command",
  inputs,
  secrets: ["connection", "connection.password"],
  defaults,
  run,
});

/** Adds the connection's defaults, so that they are part of the inputs in the state. */
function defaults(given: Properties): Properties {
  const { connection: own } = given;
  return isObject(own) ? { ...given, connection: { ...connectionDefaults, ...own } } : given;
}

async function run({ inputs, ...execution }: Execution<Inputs>): Promise<string | undefined> {
  // As in the official plugin, the connection stays open until the plugin ends.
  const client = await dial(inputs.connection, execution.operation);
  return runRemotely(client, { ...execution, environment: inputs.environment ?? {}, stdin: inputs.stdin ?? "" });
}
