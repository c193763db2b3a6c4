import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import type * as pb from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Engine } from "../base/engine.ts";
import { about, version } from "./about.ts";
import { requiredPackages } from "./packages.ts";
import type { Program } from "./program.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { spawn } from "node:child_process";

type Answer<Request, Response> = (request: Request) => Response | Promise<Response>;

/** Implements the gRPC service `pulumirpc.LanguageRuntime`: runs a program and reports its dependencies. */
export class LanguageHost {
  readonly #program: Program;
  readonly #engine: Engine;
  readonly #isEarly: boolean;
  #engineAddress = "";

  /** `isEarly` is true for a host that ran before its engine. */
  constructor(program: Program, engine: Engine, { isEarly }: { readonly isEarly: boolean }) {
    this.#program = program;
    this.#engine = engine;
    this.#isEarly = isEarly;
  }

  /** Connects to the engine, and keeps its address for the program. */
  connect(address: string): void {
    this.#engineAddress = address;
    this.#engine.connect(address);
  }

  /** The handlers by method. Other methods answer UNIMPLEMENTED, which the engine understands. */
  handlers(): grpc.UntypedServiceImplementation {
    return {
      handshake: unary((request) => this.#handshake(request)),
      getRequiredPackages: unary((request) => packages(directory(request))),
      run: (call, callback) => this.#run(call, callback),
      cancel: unary(() => this.#cancel()),
      getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
      about: unary((request) => about(directory(request))),
      getProgramDependencies: unary((request) => dependencies(directory(request), request.getTransitivedependencies())),
      installDependencies: install,
      runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
      template: unary(() => new language.TemplateResponse()),
    } satisfies Partial<ILanguageRuntimeServer>;
  }

  #handshake(request: pb.LanguageHandshakeRequest): pb.LanguageHandshakeResponse {
    this.connect(request.getEngineAddress());
    return new language.LanguageHandshakeResponse();
  }

  #run(...[call, callback]: Parameters<grpc.handleUnaryCall<pb.RunRequest, pb.RunResponse>>): void {
    call.on("cancelled", () => void this.#program.interrupt()); // the engine has ended or given up
    unary<pb.RunRequest, pb.RunResponse>((request) => {
      this.#connectAsClient(request);
      return this.#program.run(request, this.#engineAddress);
    })(call, callback);
  }

  /** An engine that was told of an early host by `--client` gives its address as the program's only argument. */
  #connectAsClient(request: pb.RunRequest): void {
    const [address] = request.getArgsList();
    if (!this.#isEarly || address === undefined) return;
    request.clearArgsList();
    this.connect(address);
  }

  async #cancel(): Promise<Empty> {
    await this.#program.interrupt();
    return new empty.Empty();
  }
}

function packages(programDirectory: string): pb.GetRequiredPackagesResponse {
  return new language.GetRequiredPackagesResponse().setPackagesList(requiredPackages(programDirectory));
}

function directory(request: { getInfo(): pb.ProgramInfo | undefined }): string {
  return request.getInfo()?.getProgramDirectory() ?? "";
}

/** Makes a gRPC handler from a function that may return, throw or be asynchronous. */
function unary<Request, Response>(answer: Answer<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    new Promise<Response>((resolve) => {
      resolve(answer(call.request));
    }).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback({ details: error instanceof Error ? error.message : String(error) });
      },
    );
  };
}

const names = z.record(z.string(), z.string()).default({});
const manifest = z.object({ dependencies: names, devDependencies: names });
// The lock file that npm keeps in node_modules.
const installed = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** The npm packages of a program for `pulumi about`: its direct dependencies, or all of them. */
function dependencies(programDirectory: string, transitive: boolean): language.GetProgramDependenciesResponse {
  const { packages } = installed.parse(read(join(programDirectory, "node_modules", ".package-lock.json")));
  const { dependencies, devDependencies } = manifest.parse(read(join(programDirectory, "package.json")));
  const direct = new Set(Object.keys({ ...dependencies, ...devDependencies }).map((name) => `node_modules/${name}`));
  const found = Object.entries(packages).filter(([path]) => transitive || direct.has(path));
  return new language.GetProgramDependenciesResponse().setDependenciesList(
    found.map(([path, { version }]) =>
      new language.DependencyInfo().setName(path.replace(/^.*node_modules\//, "")).setVersion(version ?? ""),
    ),
  );
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

type Call = grpc.ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>;

/** Implements `pulumi install`: runs `npm install` in the program's folder and forwards its output. */
function install(call: Call): void {
  const cwd = call.request.getInfo()?.getProgramDirectory() ?? "";
  const print = (text: Buffer) => call.write(new language.InstallDependenciesResponse().setStdout(text));
  print(Buffer.from("Installing dependencies...\n\n"));
  const npm = spawn("npm", ["install", "--loglevel=error"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  npm.stdout.on("data", print);
  npm.stderr.on("data", (text: Buffer) => call.write(new language.InstallDependenciesResponse().setStderr(text)));
  npm.once("error", (error) => call.emit("error", error));
  npm.once("close", (code) => {
    if (code !== 0) {
      call.emit("error", new Error(`npm install failed with exit code ${code ?? -1}`));
      return;
    }
    print(Buffer.from("Finished installing dependencies\n\n"));
    call.end();
  });
}
