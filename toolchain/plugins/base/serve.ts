import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Engine } from "./engine.ts";
import type { Provider } from "./provider.ts";
import { ProviderService } from "./service.ts";

/** A provider that listens on a port of this machine. */
export interface Served {
  readonly port: number;
  stop(): void;
}

/** Listens for the engine; `engineAddress` is where log messages go. */
export async function listen(provider: Provider, engineAddress?: string): Promise<Served> {
  const engine = new Engine();
  if (engineAddress !== undefined) engine.connect(engineAddress);
  const service = new ProviderService(provider, engine);
  // Documents on a command's stdin may be larger than gRPC's default of 4 MB.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, service.handlers());
  const port = await bind(server);
  return {
    port,
    stop: () => {
      service.cancel();
      server.forceShutdown();
      engine.close();
    },
  };
}

/** Runs a plugin as the engine starts it: the port on stdout, until a signal comes or the engine is gone. */
export async function serve(provider: Provider): Promise<void> {
  const served = await listen(
    provider,
    process.argv.slice(2).find((word) => !word.startsWith("-")),
  );
  const exit = (): void => {
    served.stop();
    process.exit();
  };
  process.on("SIGTERM", exit);
  process.on("SIGINT", exit);
  exitWithParent(exit);
  process.stdout.write(`${served.port}\n`);
}

function exitWithParent(exit: () => void): void {
  // An engine that is killed tells nobody; its children then get another parent.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) exit();
  }, 1000);
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
