import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { about, version } from "./about.ts";
import { dependencies } from "./dependencies.ts";
import type { Engine } from "./engine.ts";
import { install } from "./install.ts";
import { requiredPackages } from "./packages.ts";
import type { Program } from "./program.ts";

type Answer<Request, Response> = (request: Request) => Response | Promise<Response>;

/** Answers the engine's calls; methods that are missing here are answered "unimplemented" by the server. */
export function languageHost(program: Program, engine: Engine): grpc.UntypedServiceImplementation {
  return {
    handshake: unary((request) => {
      engine.watch(request.getEngineAddress());
      return new language.LanguageHandshakeResponse();
    }),
    getRequiredPackages: unary((request) => {
      const found = requiredPackages(request.getInfo()?.getProgramDirectory() ?? "");
      return new language.GetRequiredPackagesResponse().setPackagesList(found);
    }),
    run: (call, callback) => {
      call.on("cancelled", () => void program.interrupt());
      unary<language.RunRequest, language.RunResponse>((request) => program.run(request, engine.address))(
        call,
        callback,
      );
    },
    cancel: unary(async () => {
      await program.interrupt();
      return new empty.Empty();
    }),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    about: unary((request) => about(request.getInfo()?.getProgramDirectory() ?? "")),
    getProgramDependencies: unary((request) =>
      dependencies(request.getInfo()?.getProgramDirectory() ?? "", request.getTransitivedependencies()),
    ),
    installDependencies: install,
    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
    template: unary(() => new language.TemplateResponse()),
  } satisfies Partial<ILanguageRuntimeServer>;
}

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
