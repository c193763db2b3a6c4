import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Server, ServerCredentials, type ServiceError, type handleUnaryCall } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import type * as pb from "@pulumi/pulumi/proto/language_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { checkout } from "../../../toolchain/paths.ts";

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/**
 * An engine for a language host to watch, which can be killed. It handles what it is told at one time in any order, as
 * Pulumi's does: here every second message takes longer.
 */
export class Engine {
  readonly #server = new Server();
  /** The messages that it was told. */
  readonly messages: string[] = [];
  #told = 0;
  address = "";

  async start(): Promise<this> {
    const log: handleUnaryCall<LogRequest, empty.Empty> = ({ request }, callback) => {
      const show = (): void => {
        this.messages.push(request.getMessage());
        callback(null, new empty.Empty());
      };
      this.#told += 1;
      if (this.#told % 2 === 0) setTimeout(show, 1);
      else show();
    };
    this.#server.addService(EngineService, { log });
    const port = await new Promise((resolve) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, bound) => resolve(bound));
    });
    this.address = `127.0.0.1:${String(port)}`;
    return this;
  }

  die(): void {
    this.#server.forceShutdown();
  }
}

const main = join(checkout, "toolchain", "plugins", "language-nodejs", "main.ts");

/** The language host as a process, started as the engine does. */
export class Host {
  readonly process: ChildProcess;
  /** The lines that the host and its program printed after the port. */
  readonly lines: string[] = [];
  readonly #client: LanguageRuntimeClient;

  static async start(words: readonly string[] = [], env: NodeJS.ProcessEnv = process.env): Promise<Host> {
    const child = spawn(process.execPath, [main, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
    const printed = createInterface({ input: child.stdout });
    const port = await new Promise<string>((resolve) => printed.once("line", resolve));
    const host = new Host(child, port);
    printed.on("line", (line) => host.lines.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => host.lines.push(line));
    return host;
  }

  /** Starts a host that runs before its engine, as `slipway` does. */
  static async startEarly(words: readonly string[]): Promise<Host> {
    const child = spawn(process.execPath, [main, "--early", ...words], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => child.send("listen", server, resolve));
    server.close();
    return new Host(child, String(typeof address === "object" ? address?.port : address));
  }

  private constructor(child: ChildProcess, port: string) {
    this.process = child;
    this.#client = new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Makes a call, for example `ask((client, done) => client.about(request, done))`. */
  ask<Response>(question: (client: LanguageRuntimeClient, done: Callback<Response>) => unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      question(this.#client, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }

  run(request: pb.RunRequest): Promise<pb.RunResponse.AsObject> {
    return this.ask<pb.RunResponse>((client, done) => client.run(request, done)).then((response) =>
      response.toObject(),
    );
  }

  /** Runs an installation and collects its output. */
  install(request: pb.InstallDependenciesRequest): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = "";
      const stream = this.#client.installDependencies(request);
      stream.on("data", (part: pb.InstallDependenciesResponse) => {
        text += Buffer.from(part.getStdout_asU8()).toString() + Buffer.from(part.getStderr_asU8()).toString();
      });
      stream.on("error", reject).on("end", () => resolve(text));
    });
  }

  stop(): void {
    this.#client.close();
    this.process.kill("SIGKILL");
  }
}

/** The location and options of a program. */
export function programInfo(
  folder: string,
  entryPoint = ".",
  options: Record<string, JavaScriptValue> = { typescript: false },
): pb.ProgramInfo {
  return new language.ProgramInfo()
    .setRootDirectory(`${folder}/root`)
    .setProgramDirectory(folder)
    .setEntryPoint(entryPoint)
    .setOptions(struct.Struct.fromJavaScript(options));
}

/** The request to run a program. */
export function runRequest(info: pb.ProgramInfo): pb.RunRequest {
  const request = new language.RunRequest().setInfo(info).setProject("p").setStack("s").setOrganization("o");
  return request.setMonitorAddress("127.0.0.1:1").setParallel(4);
}
