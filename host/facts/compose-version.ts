import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const metadataSchema = z.object({ Version: z.string() });

/** The folders in which `docker` finds its plugins, in its order. */
const pluginFolders: readonly string[] = [
  join(process.env["HOME"] ?? "/root", ".docker/cli-plugins"),
  "/usr/local/lib/docker/cli-plugins",
  "/usr/local/libexec/docker/cli-plugins",
  "/usr/lib/docker/cli-plugins",
  "/usr/libexec/docker/cli-plugins",
];

/**
 * Version of `docker compose`; empty if it is not installed. The plugin tells its metadata in half the time that
 * `docker compose version` takes, which starts the same plugin twice. `docker` may know further folders from its
 * settings, so it is asked where none of these holds the plugin.
 */
export async function composeVersion(folders = pluginFolders): Promise<string> {
  const plugin = folders.map((folder) => join(folder, "docker-compose")).find((path) => existsSync(path));
  const told = plugin === undefined ? undefined : versionIn(await output(plugin, ["docker-cli-plugin-metadata"]));
  const version = told ?? (await output("docker", ["compose", "version", "--short"])).trim();
  return version.replace(/^v/, "");
}

function versionIn(metadata: string): string | undefined {
  try {
    return metadataSchema.parse(JSON.parse(metadata)).Version;
  } catch {
    return undefined;
  }
}

/** The output of a program; empty if it is not there, fails, or takes too long. */
function output(program: string, words: readonly string[]): Promise<string> {
  const { PATH, HOME } = process.env;
  const options = { env: { PATH, HOME, LC_ALL: "C" }, timeout: 10_000, encoding: "utf8" as const };
  return new Promise((resolve) => {
    execFile(program, words, options, (error, stdout) => resolve(error === null ? stdout : ""));
  });
}
