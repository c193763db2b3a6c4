import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { z } from "zod";
import { executableOnPath } from "../../../process/executable.ts";

/** The version of this host; the official host has the CLI's version. */
export const version = "0.1.0-offline";

/** The part of `pulumi about` that concerns the runtime. */
export function about(programDirectory: string): language.AboutResponse {
  const response = new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
  const metadata = response.getMetadataMap();
  metadata.set("packagemanager", "npm");
  metadata.set("packagemanagerVersion", npmVersion(programDirectory));
  metadata.set("typescriptVersion", typescriptVersion(programDirectory));
  return response;
}

/** Reads npm's version from its package.json if possible: every operation asks, and `npm` takes half a second. */
function npmVersion(directory: string): string {
  const npm = executableOnPath("npm", process.env["PATH"]);
  return (npm === undefined ? undefined : manifestVersion(npm)) ?? printedVersion(directory);
}

/** The version in the package.json of the npm to which the command links. */
function manifestVersion(npm: string): string | undefined {
  try {
    const manifest: unknown = createRequire(realpathSync(npm))("../package.json");
    return z.object({ name: z.literal("npm"), version: z.string() }).parse(manifest).version;
  } catch {
    return undefined;
  }
}

/** The version that `npm --version` prints. */
function printedVersion(directory: string): string {
  try {
    return execFileSync("npm", ["--version"], { cwd: directory, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "";
  }
}

function typescriptVersion(directory: string): string {
  try {
    const found: unknown = createRequire(join(directory, "package.json"))("typescript/package.json");
    return z.object({ version: z.string() }).parse(found).version;
  } catch {
    return "";
  }
}
