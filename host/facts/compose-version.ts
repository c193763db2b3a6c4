import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeStateFile } from "../files/state-file.ts";

const metadataSchema = z.object({ Version: z.string() });

/** The folders in which `docker` finds its plugins, in its order. */
const pluginFolders: readonly string[] = [
  join(process.env["HOME"] ?? "/root", ".docker/cli-plugins"),
  "/usr/local/lib/docker/cli-plugins",
  "/usr/local/libexec/docker/cli-plugins",
  "/usr/lib/docker/cli-plugins",
  "/usr/libexec/docker/cli-plugins",
];

const memoSchema = z.object({ plugin: z.string(), file: z.string(), version: z.string() });

/**
 * Version of `docker compose`; empty if it is not installed. The plugin tells its metadata in half the time that
 * `docker compose version` takes, which starts the same plugin twice. `docker` may know further folders from its
 * settings, so it is asked where none of these holds the plugin. What a plugin told is remembered until its file
 * changes: to ask it takes a third of an observation.
 */
export async function composeVersion(run: string, folders = pluginFolders): Promise<string> {
  const plugin = folders.map((folder) => join(folder, "docker-compose")).find((path) => existsSync(path));
  const version = plugin === undefined ? undefined : await rememberedVersion(plugin, run);
  return (version ?? (await output("docker", ["compose", "version", "--short"])).trim()).replace(/^v/, "");
}

async function rememberedVersion(plugin: string, run: string): Promise<string | undefined> {
  const memo = join(run, "compose-version");
  const file = fileNow(plugin);
  const known = readMemo(memo);
  if (known?.plugin === plugin && known.file === file) return known.version;
  const version = versionIn(await output(plugin, ["docker-cli-plugin-metadata"]));
  if (version !== undefined) writeMemo(memo, { plugin, file, version });
  return version;
}

/** Everything by which a changed or replaced file differs. */
function fileNow(path: string): string {
  const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
  return [dev, ino, size, mtimeMs, ctimeMs].join(" ");
}

function readMemo(path: string): z.output<typeof memoSchema> | undefined {
  try {
    return memoSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined; // there is none, or it is damaged
  }
}

function writeMemo(path: string, memo: z.output<typeof memoSchema>): void {
  try {
    writeStateFile(path, JSON.stringify(memo));
  } catch {
    // The plugin is asked again next time.
  }
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
