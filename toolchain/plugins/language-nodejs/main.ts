import { writeSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { Engine } from "../base/engine.ts";
import { version } from "./about.ts";
import { LanguageHost } from "./host.ts";
import { Program } from "./program.ts";

/** Starts the Node language host as the engine expects it: serves the gRPC service and prints the port. */
function main(args: readonly string[]): void {
  if (args.includes("--version")) {
    writeSync(1, `${version}\n`);
    return;
  }
  const program = new Program();
  const leave = () => void program.interrupt().then(() => process.exit(0));
  process.on("SIGINT", leave).on("SIGTERM", leave);
  const host = new LanguageHost(program, new Engine(leave));
  // The engine's address is the last argument, after logging flags.
  const address = args.at(-1);
  if (address !== undefined) host.connect(address);
  serve(host.handlers());
}

function serve(implementation: grpc.UntypedServiceImplementation): void {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(services.LanguageRuntimeService, implementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    // Not process.stdout: that would make the descriptor non-blocking, and the program inherits it.
    writeSync(1, `${port}\n`);
  });
}

main(process.argv.slice(2));
