import { writeSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { Engine } from "../base/engine.ts";
import { version } from "./about.ts";
import { LanguageHost } from "./host.ts";
import { Program } from "./program.ts";

/** Starts the Node language host: serves `pulumirpc.LanguageRuntime` and prints its port, as the engine expects. */
function main(args: readonly string[]): void {
  if (args.includes("--version")) {
    writeSync(1, `${version}\n`);
    return;
  }
  const program = new Program();
  const leave = () => void program.interrupt().then(() => process.exit(0));
  process.on("SIGINT", leave).on("SIGTERM", leave);
  const host = new LanguageHost(program, new Engine(leave));
  // The engine's address comes last; what stands before it are logging flags.
  const address = args.at(-1);
  if (address !== undefined) host.connect(address);
  serve(host.handlers());
}

function serve(implementation: grpc.UntypedServiceImplementation): void {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(services.LanguageRuntimeService, implementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    // Written to the descriptor itself: the program inherits it, and process.stdout would make it non-blocking.
    writeSync(1, `${port}\n`);
  });
}

main(process.argv.slice(2));
