import { spawn } from "node:child_process";
import type grpc from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";

type Call = grpc.ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>;

/** Does for `pulumi install` what a user would: runs npm in the program's folder and shows what it says. */
export function install(call: Call): void {
  const cwd = call.request.getInfo()?.getProgramDirectory() ?? "";
  const say = (text: Buffer) => call.write(new language.InstallDependenciesResponse().setStdout(text));
  say(Buffer.from("Installing dependencies...\n\n"));
  const npm = spawn("npm", ["install", "--loglevel=error"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  npm.stdout.on("data", say);
  npm.stderr.on("data", (text: Buffer) => call.write(new language.InstallDependenciesResponse().setStderr(text)));
  npm.once("error", (error) => call.emit("error", error));
  npm.once("close", (code) => {
    if (code !== 0) {
      call.emit("error", new Error(`npm install failed with exit code ${code ?? -1}`));
      return;
    }
    say(Buffer.from("Finished installing dependencies\n\n"));
    call.end();
  });
}
