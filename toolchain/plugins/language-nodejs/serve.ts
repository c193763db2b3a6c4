import { writeSync } from "node:fs";
import { Server } from "node:net";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { Engine } from "../base/engine.ts";
import type { EarlyProgram } from "./early-program.ts";
import { LanguageHost } from "./host.ts";
import { Program } from "./program.ts";

/** Serves the engine that started this host. */
export function serveEngine(address: string | undefined): void {
  const program = new Program();
  const leave = leaveAfter(program);
  const host = new LanguageHost(program, new Engine(leave), { isEarly: false });
  if (address !== undefined) host.connect(address);
  serve(host);
}

/**
 * Serves the engines of a host that runs before them, while its program loads. The parent process sends the socket to
 * listen on, and keeps the channel open until the engine has ended. An operation that asks a question has two engines,
 * one after the other. A program that has begun outlives the parent process as long as its engine runs.
 */
export function serveEarly(early: EarlyProgram): void {
  let isWanted = true;
  const engine = new Engine(() => (isWanted ? void program.interrupt() : leave()));
  // One after the other, since the engine shows them in the order in which they come.
  let shown = Promise.resolve();
  const print = (message: string): void => void (shown = shown.then(() => engine.log({ urn: "", message })));
  const program = new Program({ program: early, print, shown: () => shown });
  const leave = leaveAfter(program);
  const parentEnded = (): void => {
    isWanted = false;
    if (!engine.isConnected) leave();
  };
  if (process.connected) process.once("disconnect", parentEnded);
  else parentEnded(); // it ended before this file was loaded
  const host = new LanguageHost(program, engine, { isEarly: true });
  const injector = serverOf(host).createConnectionInjector(grpc.ServerCredentials.createInsecure());
  process.once("message", (_listen, socket: unknown) => {
    if (socket instanceof Server) socket.on("connection", (connection) => injector.injectConnection(connection));
  });
}

/** Returns what ends this process after its program; a signal does the same. */
function leaveAfter(program: Program): () => void {
  const leave = (): void => void program.interrupt().then(() => process.exit(0));
  process.on("SIGINT", leave).on("SIGTERM", leave);
  return leave;
}

function serve(host: LanguageHost): void {
  serverOf(host).bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    // Not process.stdout: that would make the descriptor non-blocking, and the program inherits it.
    writeSync(1, `${port}\n`);
  });
}

function serverOf(host: LanguageHost): grpc.Server {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(services.LanguageRuntimeService, host.handlers());
  return server;
}
