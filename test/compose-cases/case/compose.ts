import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
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
  /** Services with profiles that are asked for. */
  readonly named?: ReadonlySet<string>;
  /** Profiles that the stack asks for. */
  readonly profiles?: readonly string[];
  /** The text of env files that services name and the folder lacks; a team has them beside its checkout. */
  readonly missingEnvFile?: string;
}

/** A Compose that reads files; nothing is started. */
export interface Compose {
  readonly version: string;
  /** A mount without `create_host_path` in its output creates a missing folder. The older one writes what is true. */
  readonly createsFolders: boolean;
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
  readonly createsFolders: boolean;
  readonly #program: string;

  constructor(version: string, program: string) {
    this.version = version;
    this.createsFolders = version !== debianCompose.version;
    this.#program = program;
  }

  async config(request: ComposeRequest): Promise<ComposeResult> {
    const { named = new Set(), missingEnvFile } = request;
    try {
      const services = (await this.#read(request, ["--services"])).trim().split("\n");
      const asked = [...named].filter((name) => !services.includes(name));
      // Who is named counts as asked for, whatever profile it has; then the others have to be named as well.
      const all = asked.length === 0 ? [] : [...services.filter((name) => name !== ""), ...asked];
      return { json: map.parse(JSON.parse(await this.#read(request, ["--format", "json", ...all]))) };
    } catch (error) {
      const { success, data } = ended.safeParse(error);
      if (!success) throw error;
      if (missingEnvFile === undefined || !supply(request, data.stderr, missingEnvFile))
        return { refusal: lastLine(data.stderr) };
      return await this.config(request);
    }
  }

  async #read(
    { folder, files, project, envFile, profiles = [] }: ComposeRequest,
    words: readonly string[],
  ): Promise<string> {
    const named = files.flatMap((file) => ["-f", file]);
    const all = [...named, "-p", project, "--env-file", envFile, "config", ...words];
    // A stack asks for profiles by its own key or by naming services, whatever a variable of the team's says.
    const env = { PATH: "/usr/bin:/bin", HOME: "/root", PWD: folder, COMPOSE_PROFILES: profiles.join(",") };
    const { stdout } = await run(this.#program, all, { cwd: folder, env, maxBuffer: 1 << 26 });
    return stdout;
  }
}

/**
 * Supplies what Compose needs and a stack does not: the env files of a team, and variables of fields that slipway
 * replaces, such as the name of a built image. Wherever else it used such a variable, both sides would differ.
 */
function supply({ folder, envFile }: ComposeRequest, said: string, envText: string): boolean {
  const file = /env file (\S+) not found/.exec(said)?.[1];
  const variable = /required variable (\w+) is missing a value/.exec(said)?.[1];
  if (variable !== undefined) appendFileSync(envFile, `${variable}="value-of-${variable}"\n`);
  if (file !== undefined) {
    mkdirSync(dirname(resolve(folder, file)), { recursive: true });
    writeFileSync(resolve(folder, file), envText, { flag: "wx" });
  }
  return file !== undefined || variable !== undefined;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
