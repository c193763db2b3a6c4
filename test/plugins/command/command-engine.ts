import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { listen } from "../../../toolchain/plugins/base/serve.ts";
import { commandProvider } from "../../../toolchain/plugins/command/provider.ts";
import { EngineSide, isSecret, type SavedOnWire, type Wire } from "../base/engine-side.ts";

/** A message that the engine received. */
type Logged = LogRequest.AsObject;

/** Calls the command plugin as the engine does, and keeps its messages. */
export interface CommandEngine {
  readonly side: EngineSide;
  readonly logs: readonly Logged[];
  /** Checks and creates. */
  readonly create: (inputs: Wire) => Promise<SavedOnWire>;
  /** Checks and updates. */
  readonly update: (old: SavedOnWire, inputs: Wire) => Promise<SavedOnWire>;
  /** Cancels as the engine does on Ctrl-C. */
  readonly cancel: () => Promise<void>;
}

/** Serves the plugin in this process while `work` uses one of its resource types. */
export async function withCommands(
  type: "local" | "remote",
  work: (engine: CommandEngine) => Promise<void>,
): Promise<void> {
  const logs: Logged[] = [];
  const engine = new Server();
  engine.addService(EngineService, {
    log: (call: { request: LogRequest }, done: (error: null, response: unknown) => void) => {
      logs.push(call.request.toObject());
      done(null, new empty.Empty());
    },
  });
  const served = await listen(commandProvider, `127.0.0.1:${await bind(engine)}`);
  const canceller = new ResourceProviderClient(`127.0.0.1:${served.port}`, credentials.createInsecure());
  const side = new EngineSide(served.port, `command:${type}:Command`);
  const checked = async (inputs: Wire): Promise<Wire> => (await side.check(inputs)).inputs;
  try {
    await work({
      side,
      logs,
      create: async (given) => {
        const inputs = await checked(given);
        return { ...(await side.create(inputs)), inputs };
      },
      update: async (old, given) => {
        const inputs = await checked(given);
        return { id: old.id, inputs, state: await side.update(old, inputs) };
      },
      cancel: () => new Promise((resolve) => canceller.cancel(new empty.Empty(), () => resolve())),
    });
  } finally {
    side.close();
    canceller.close();
    served.stop();
    engine.forceShutdown();
  }
}

/** The error text of an operation that must fail, as the engine shows it. */
export async function failure(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
  } catch (error) {
    if (error instanceof Error && "details" in error) return String(error.details);
    throw error;
  }
  throw new Error("the operation did not fail");
}

/** A property without the engine's secret mark. */
export function unwrapSecret(value: Wire[string] | undefined): Wire[string] | undefined {
  return isSecret(value) ? value.value : value;
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
