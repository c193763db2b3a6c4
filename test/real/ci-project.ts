import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { cacheDirectory, checkout } from "../../toolchain/paths.ts";
import { readStateLock } from "../../cli/state-lock.ts";
import { sources, type Source } from "../ci/pipeline.ts";
import type { GitlabStub } from "../ci/gitlab-stub.ts";
import { must } from "../hosts/child.ts";
import type { AapertureServer } from "./aaperture-server.ts";

/** What a pipeline is run with, besides why it runs. */
export interface PipelineOptions {
  /** Manual jobs that a person starts. */
  readonly manual?: readonly string[];
  /** Only this job, as when a person starts or repeats it. */
  readonly only?: string;
  /** Further variables, each as `NAME=value`. */
  readonly also?: readonly string[];
  /** Variables of the project that this pipeline does not get. */
  readonly without?: readonly string[];
  /** Whether the project's variables are withheld, as from a fork.
   * @default false */
  readonly fork?: boolean;
}

/** How a pipeline ended, and what its jobs said. */
export interface PipelineResult {
  readonly code: number | null;
  readonly output: string;
  /** The log of one job. */
  readonly log: (job: string) => string;
}

const state = ".gitlab-ci-local";

/** aaperture's repository with the shipped pipeline, which gitlab-ci-local runs as GitLab would: each job in a checkout of its own, with variables by environment. */
export class CiProject {
  readonly folder: string;
  readonly #server: AapertureServer;
  readonly #gitlab: GitlabStub;

  private constructor(server: AapertureServer, gitlab: GitlabStub) {
    this.folder = server.aaperture.folder;
    this.#server = server;
    this.#gitlab = gitlab;
  }

  static async open(server: AapertureServer, gitlab: GitlabStub): Promise<CiProject> {
    const project = new CiProject(server, gitlab);
    const { folder } = project;
    for (const name of ["ci", ".gitlab-ci.yml"]) cpSync(join(checkout, name), join(folder, name), { recursive: true });
    // As a submodule would lie there; jobs have checkouts of their own, so that a relative path would lead elsewhere.
    symlinkSync(checkout, join(folder, "slipway"));
    symlinkSync(join(checkout, "bin"), join(folder, "bin"));
    const file = join(folder, "Pulumi.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^main: .*$/m, "main: slipway/index.ts"));
    writeFileSync(join(folder, ".gitignore"), `state/\nevents-*\nrelease.json\n${state}*\n`);
    await project.commit("pipeline");
    await must(["git", "-C", folder, "branch", "--move", "main"]);
    await must(["git", "-C", folder, "remote", "add", "origin", "git@gitlab.test:team/aaperture.git"]);
    return project;
  }

  /** Commits whatever changed, on the branch that is checked out. */
  async commit(message: string): Promise<void> {
    const git = ["git", "-C", this.folder, "-c", "user.name=Test", "-c", "user.email=test@example.com"];
    await must([...git, "add", "--all"]);
    await must([...git, "commit", "--quiet", "--allow-empty", "--message", message]);
  }

  /** Runs a pipeline to its end. */
  async run(source: Source, options: PipelineOptions = {}): Promise<PipelineResult> {
    return await this.start(source, options).finished;
  }

  /** Starts a pipeline, in a process group of its own as a runner would. */
  start(source: Source, options: PipelineOptions = {}): RunningPipeline {
    rmSync(join(this.folder, state, "output"), { recursive: true, force: true });
    const variables = [...this.#given(options), ...sources[source], ...(options.also ?? [])];
    const only = options.only === undefined ? [] : [options.only];
    const words = [
      ...["--shell-isolation", "--force-shell-executor", "--no-artifacts-to-source", "--no-json-schema-validation"],
      ...[
        "--variables-file",
        this.#variablesFile(options),
        ...(options.manual ?? []).flatMap((job) => ["--manual", job]),
      ],
      ...[...only, ...(only.length > 0 ? ["--manual", ...only] : [])],
      ...variables.flatMap((variable) => ["--variable", variable]),
    ];
    return new RunningPipeline(this.folder, words);
  }

  /** A file that a job left among its artifacts; undefined where it left none. */
  artifact(job: string, path: string): string | undefined {
    return textOf(join(this.folder, state, "artifacts", fileName(job), path));
  }

  /** As GitLab notes a deployment that ended well; the number is that of the job and of its pipeline. */
  deployed(job: string, environment: string, number: number): void {
    const path = `slipway-reports/${environment}/plan.json`;
    this.#gitlab.deployments = [{ environment, job: number, pipeline: number }, ...this.#gitlab.deployments];
    const plan = this.artifact(job, path) ?? "";
    this.#gitlab.artifacts = { ...this.#gitlab.artifacts, [`${number}/artifacts/${path}`]: plan };
  }

  /** The lock on the state of a stack, if somebody holds it. */
  lock(stack: string): { readonly pid: number } | undefined {
    const folder = join(this.folder, "state/.pulumi/locks/organization/aaperture", stack);
    const [file] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    return file === undefined ? undefined : readStateLock(textOf(join(folder, file)) ?? "");
  }

  /** What GitLab says of itself, in place of what gitlab-ci-local makes up. */
  #given({ fork = false }: PipelineOptions): readonly string[] {
    const release = join(this.folder, "release.json");
    return [
      `CI_API_V4_URL=${this.#gitlab.api}`,
      `CI_JOB_TOKEN=${this.#gitlab.jobToken}`,
      "CI_PROJECT_ID=5",
      "CI_MERGE_REQUEST_PROJECT_ID=5",
      `CI_MERGE_REQUEST_SOURCE_PROJECT_ID=${fork ? 6 : 5}`,
      `CI_MERGE_REQUEST_SOURCE_PROJECT_PATH=${fork ? "stranger/aaperture" : "team/aaperture"}`,
      // gitlab-ci-local names a container's folder here although it starts none.
      "CI_PROJECT_DIR=.",
      `SLIPWAY_CACHE=${cacheDirectory}`,
      ...(existsSync(release) ? [`RELEASE_FILE=${release}`] : []),
    ];
  }

  /** The project's variables: those of an environment only for its jobs, as GitLab scopes them (A7). */
  #variablesFile({ fork = false, without = [] }: PipelineOptions): string {
    const { server, started } = this.#server;
    const scoped = {
      SERVER_HOST: server.networkAddress,
      SERVER_USER: "root",
      SERVER_HOST_KEY: server.hostKey,
      SSH_PRIVATE_KEY: readFileSync(started.privateKeyFile, "utf8"),
      PULUMI_CONFIG_PASSPHRASE: "conformance",
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
    };
    const both = (value: string) => ({ type: "variable", values: { staging: value, production: value } });
    const all = {
      ...Object.fromEntries(Object.entries(scoped).map(([name, value]) => [name, both(value)])),
      SLIPWAY_GITLAB_TOKEN: this.#gitlab.projectToken,
    };
    const given = fork ? [] : Object.entries(all).filter(([name]) => !without.includes(name));
    const file = `${state}-variables.yml`;
    writeFileSync(join(this.folder, file), stringify(Object.fromEntries(given)), { mode: 0o600 });
    return file;
  }
}

/** A pipeline that runs. */
export class RunningPipeline {
  readonly finished: Promise<PipelineResult>;
  readonly #child: ChildProcess;
  #output = "";

  constructor(folder: string, words: readonly string[]) {
    const { PATH, NODE_COMPILE_CACHE } = toolEnvironment();
    const overridden = ["CI_API_V4_URL", "CI_PROJECT_ID", "CI_PROJECT_DIR", "CI_PIPELINE_SOURCE", "CI_COMMIT_BRANCH"];
    const env = {
      PATH,
      NODE_COMPILE_CACHE,
      HOME: folder,
      NO_COLOR: "1",
      GCL_IGNORE_PREDEFINED_VARS: overridden.join(","),
    };
    const child = spawn("gitlab-ci-local", words, {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    this.finished = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        resolve({
          code,
          output: this.#output,
          log: (job) => textOf(join(folder, state, "output", `${fileName(job)}.log`)) ?? "",
        }),
      );
    });
  }

  /** What was said up to now. */
  get output(): string {
    return this.#output;
  }

  /** What a runner does with a job that is cancelled: every process of its group gets it. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("the pipeline did not start");
    process.kill(-pid, signal);
  }
}

/** As gitlab-ci-local calls what belongs to a job: what is no letter, digit or line stands there in base64. */
function fileName(job: string): string {
  return job.replaceAll(/[^\w-]+/g, (text) => Buffer.from(text).toString("base64url"));
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
