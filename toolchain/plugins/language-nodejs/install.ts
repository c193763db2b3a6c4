import { spawn } from "node:child_process";
import type grpc from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";

type Call = grpc.ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>;

/** Implements `pulumi install`: runs `npm install` in the program's folder and forwards its output. */
export function install(call: Call): void {
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
