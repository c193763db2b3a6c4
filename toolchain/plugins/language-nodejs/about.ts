import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { z } from "zod";
import { executableOnPath } from "../../../process/executable.ts";

/** Tells this host from the official one, whose version is the CLI's. */
export const version = "0.1.0-offline";

/** What `pulumi about` prints of the runtime. */
export function about(programDirectory: string): language.AboutResponse {
  const response = new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
  const metadata = response.getMetadataMap();
  metadata.set("packagemanager", "npm");
  metadata.set("packagemanagerVersion", npmVersion(programDirectory));
  metadata.set("typescriptVersion", typescriptVersion(programDirectory));
  return response;
}

/** Every operation asks for this, and npm takes half a second to say it: so it is read beside npm, where a manifest is. */
function npmVersion(directory: string): string {
  const npm = executableOnPath("npm", process.env["PATH"]);
  return (npm === undefined ? undefined : manifestVersion(npm)) ?? toldVersion(directory);
}

function manifestVersion(npm: string): string | undefined {
  try {
    const manifest: unknown = createRequire(realpathSync(npm))("../package.json");
    return z.object({ name: z.literal("npm"), version: z.string() }).parse(manifest).version;
  } catch {
    return undefined;
  }
}

function toldVersion(directory: string): string {
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
