import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { mustRun } from "../toolchain/must-run.ts";
import type { TestServer } from "../test/hosts/servers.ts";
import { toolEnvironment } from "../toolchain/environment.ts";
import { checkout } from "../toolchain/paths.ts";
import { UserError } from "../model/problem.ts";
import { logFile, projectFolder, type StackName } from "./paths.ts";
import { pipelineVariables } from "./project.ts";

/** The names of the secrets; each stack gets random values. */
const secrets = ["POSTGRES_PASSWORD", "GOOGLE_CLIENT_SECRET"];

/** A stack of the demo, used with the same commands as people and pipelines use. */
export class DemoStack {
  readonly name: StackName;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(name: StackName, server: TestServer) {
    this.name = name;
    // The caller's own Pulumi settings, tokens and CI variables must not affect the demo.
    const own = Object.entries(process.env).filter(([variable]) => !/^(PULUMI_|SSH_|CI)/.test(variable));
    this.#environment = toolEnvironment({ ...Object.fromEntries(own), ...pipelineVariables(server) });
  }

  /** Runs `slipway init` and sets the secrets, whose values are passed by stdin; returns the output of init. */
  async initialise(): Promise<string> {
    const output = await mustRun(slipway("init", "--stack", this.name), this.#options());
    for (const secret of secrets) {
      const stdin = randomBytes(18).toString("base64url");
      const words = ["pulumi", "config", "set", "--secret", "--path", `secrets.${secret}`, "--stack", this.name];
      await mustRun(words, { ...this.#options(), stdin });
    }
    return output;
  }

  /** Runs `slipway up`, with its output in the stack's log; returns the summary's lines, such as "24 created". */
  async up(): Promise<readonly string[]> {
    // The preview is skipped, since it would only repeat what the summary shows.
    const words = slipway(
      "up",
      "--stack",
      this.name,
      "--yes",
      "--skip-preview",
      "--non-interactive",
      "--color",
      "never",
    );
    const { code, output } = await runLogged(words, this.#options(), logFile(this.name));
    if (code === 0) return summary(output);
    const end = output.trimEnd().split("\n").slice(-40).join("\n");
    throw new UserError({
      path: "demo",
      what: `slipway up of ${this.name} ended with code ${code}`,
      todo: `see its whole output in ${logFile(this.name)}, which ends with:\n${end}`,
    });
  }

  /** Runs `slipway switch-back`. */
  async switchBack(): Promise<void> {
    await mustRun(slipway("switch-back", "--stack", this.name, "--why", "the demo"), this.#options());
  }

  /** The outputs of the stack. */
  async outputs(): Promise<StackOutputs> {
    const text = await mustRun(["pulumi", "stack", "output", "--json", "--stack", this.name], this.#options());
    return outputsSchema.parse(JSON.parse(text));
  }

  #options(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
    return { cwd: projectFolder, env: this.#environment };
  }
}

// The part of the outputs that concerns one server.
const hostSchema = z.object({
  ports: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
  urls: z.record(z.string(), z.string()),
  volumes: z.record(z.string(), z.string()),
  images: z.record(z.string(), z.string()),
});

const liveSchema = z.object({ colour: z.string(), release: z.string(), since: z.string() });

/** The outputs of a stack with one server, which is called main. */
const outputsSchema = z
  .object({
    project: z.string(),
    directory: z.string(),
    hosts: z.object({ main: hostSchema }),
    live: z.object({ main: liveSchema }),
  })
  .transform(({ project, directory, hosts, live }) => ({ project, directory, ...hosts.main, live: live.main }));

/** The outputs of one stack. */
export type StackOutputs = z.output<typeof outputsSchema>;

/** The command line of this checkout's slipway. */
function slipway(...words: string[]): string[] {
  return [join(checkout, "bin", "slipway"), ...words];
}

/** The lines below "Resources:" at the end of Pulumi's output. */
function summary(output: string): readonly string[] {
  const [, block = ""] = /\nResources:\n((?: {4}.*\n)+)/.exec(output) ?? [];
  return block
    .split("\n")
    .map((line) => line.replace(/^[ +~-]*/, ""))
    .filter((line) => line !== "");
}

interface LoggedRun {
  readonly code: number;
  readonly output: string;
}

/** Runs a command with its output in a log file, and returns the output too. */
function runLogged(
  words: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
  file: string,
): Promise<LoggedRun> {
  const [command = "", ...rest] = words;
  const log = createWriteStream(file);
  const child = spawn(command, rest, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      log.write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      log.end();
      resolve({ code: code ?? 1, output });
    });
  });
}
