import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Engine } from "./engine.ts";
import type { Provider } from "./provider.ts";
import { ProviderService } from "./service.ts";

/** A provider that listens on a port of this machine. */
interface Served {
  readonly port: number;
  stop(): void;
}

/** Serves a provider on a free port. Messages go to the engine at `engineAddress`; `onLost` is called when it ends. */
export async function listen(
  provider: Provider,
  engineAddress?: string,
  onLost: () => void = () => undefined,
): Promise<Served> {
  const engine = new Engine(onLost);
  if (engineAddress !== undefined) engine.connect(engineAddress);
  const service = new ProviderService(provider, engine);
  // A document on a command's stdin may exceed gRPC's default limit of 4 MB.
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

/** Runs a plugin as the engine expects it: prints the port on stdout, and ends on a signal or with the engine. */
export async function serve(provider: Provider): Promise<void> {
  const engineGone = Promise.withResolvers<undefined>();
  // The engine's address is the last argument, after its flags.
  const engineAddress = process.argv.slice(2).at(-1);
  const served = await listen(provider, engineAddress, () => engineGone.resolve(undefined));
  const exit = (): void => {
    served.stop();
    process.exit();
  };
  process.on("SIGTERM", exit).on("SIGINT", exit);
  void engineGone.promise.then(exit);
  process.stdout.write(`${served.port}\n`);
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
