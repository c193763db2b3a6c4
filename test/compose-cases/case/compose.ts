import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { JsonMap } from "../../../model/json.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { debianCompose } from "../../../toolchain/tools/debian-compose.ts";
import { dockerCompose } from "../../../toolchain/tools/docker-compose.ts";

/** The input of `docker compose config`. */
export interface ComposeRequest {
  readonly folder: string;
  readonly files: readonly string[];
  readonly project: string;
  readonly envFile: string;
  /** The text of an env file that services name and the folder lacks. */
  readonly missingEnvFile?: string;
}

/** A Compose that reads files; nothing is started. */
export interface Compose {
  readonly version: string;
  config(request: ComposeRequest): Promise<ComposeResult>;
}

/** The files as Compose reads them, or why it refuses them. */
export type ComposeResult = { readonly json: JsonMap } | { readonly refusal: string };

const run = promisify(execFile);
const map = z.record(z.string(), z.json());
const ended = z.looseObject({ stderr: z.string() });

/** The oldest and the newest Compose that count. */
export async function composeVersions(): Promise<readonly Compose[]> {
  const outcomes = await ensureTools([debianCompose, dockerCompose], () => undefined);
  return outcomes
    .filter(({ tool }) => tool === debianCompose || tool === dockerCompose)
    .map(({ tool, installed }) => new ComposeProgram(tool.version, installed.commands[tool.name] ?? tool.name));
}

class ComposeProgram implements Compose {
  readonly version: string;
  readonly #program: string;

  constructor(version: string, program: string) {
    this.version = version;
    this.#program = program;
  }

  async config(request: ComposeRequest): Promise<ComposeResult> {
    const { folder, files, project, envFile, missingEnvFile } = request;
    const named = files.flatMap((file) => ["-f", file]);
    const words = [...named, "-p", project, "--env-file", envFile, "--profile", "*", "config", "--format", "json"];
    const env = { PATH: "/usr/bin:/bin", HOME: "/root", PWD: folder };
    try {
      const { stdout } = await run(this.#program, words, { cwd: folder, env, maxBuffer: 1 << 26 });
      return { json: map.parse(JSON.parse(stdout)) };
    } catch (error) {
      const { success, data } = ended.safeParse(error);
      if (!success) throw error;
      const missing = /env file (\S+) not found/.exec(data.stderr)?.[1];
      if (missing === undefined || missingEnvFile === undefined) return { refusal: lastLine(data.stderr) };
      writeMissing(resolve(folder, missing), missingEnvFile);
      return await this.config(request);
    }
  }
}

/** Writes a file that the team has beside its checkout; a second time it cannot be missing. */
function writeMissing(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: "wx" });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
