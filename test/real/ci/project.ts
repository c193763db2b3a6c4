import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { stringify } from "yaml";
import { cacheDirectory, checkout } from "../../../toolchain/paths.ts";
import { readStateLock } from "../../../cli/state/lock.ts";
import { writeSops } from "../../../secrets/sops/write.ts";
import { sources, type Source } from "../../ci/pipeline.ts";
import type { GitlabStub } from "../../cli/gitlab/gitlab-stub.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import type { ByStack, StackName } from "../stack/aaperture.ts";
import { fileName, RunningPipeline, state, textOf, type PipelineResult } from "./run.ts";
import type { AapertureServer } from "../stack/aaperture-server.ts";

/** Options of a pipeline beside its source. */
interface PipelineOptions {
  /** Manual jobs that a person starts. */
  readonly manual?: readonly string[];
  /** Runs only this job, as if a person started or repeated it. */
  readonly only?: string;
  /** Further variables, each as `NAME=value`. */
  readonly also?: readonly string[];
  /** Variables of the project that this pipeline does not get. */
  readonly without?: readonly string[];
  /** True if the project's variables are withheld, as from a fork. @default false */
  readonly fork?: boolean;
}

/**
 * aaperture's repository with the shipped pipeline. gitlab-ci-local runs it as GitLab would: each job has a checkout of
 * its own, and variables by environment.
 */
export class CiProject {
  readonly folder: string;
  readonly #server: AapertureServer;
  readonly #gitlab: GitlabStub;
  /** The age key of each environment. */
  readonly #keys = new Map<StackName, string>();

  private constructor(server: AapertureServer, gitlab: GitlabStub) {
    this.folder = server.aaperture.folder;
    this.#server = server;
    this.#gitlab = gitlab;
  }

  /** Makes the repository, with the secrets in it, encrypted for a key of each environment (A1, A2). */
  static async open(server: AapertureServer, gitlab: GitlabStub, secrets: ByStack): Promise<CiProject> {
    const project = new CiProject(server, gitlab);
    const { folder } = project;
    await project.#encrypt("staging", secrets.staging);
    await project.#encrypt("production", secrets.production);
    for (const name of ["ci", ".gitlab-ci.yml"]) cpSync(join(checkout, name), join(folder, name), { recursive: true });
    // The link stands for a submodule. It is absolute, since jobs have checkouts of their own.
    symlinkSync(checkout, join(folder, "slipway"));
    symlinkSync(join(checkout, "bin"), join(folder, "bin"));
    const file = join(folder, "Pulumi.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^main: .*$/m, "main: slipway/index.ts"));
    writeFileSync(join(folder, ".gitignore"), `state/\nevents-*\nrelease.json\n${state}*\n`);
    await project.commit("pipeline");
    await mustRun(["git", "-C", folder, "branch", "--move", "main"]);
    await mustRun(["git", "-C", folder, "remote", "add", "origin", "git@gitlab.test:team/aaperture.git"]);
    return project;
  }

  async #encrypt(stack: StackName, secrets: Readonly<Record<string, string>>): Promise<void> {
    const identity = await generateIdentity();
    this.#keys.set(stack, Buffer.from(`${identity}\n`).toString("base64"));
    const variables = Object.entries(secrets).map(([name, value]) => ({ name, value }));
    const recipients = [await identityToRecipient(identity)];
    mkdirSync(join(this.folder, "infra/env"), { recursive: true });
    const file = join(this.folder, "infra/env", `${stack}.env.enc`);
    writeFileSync(file, await writeSops(variables, { recipients, now: new Date() }));
  }

  /** Commits all changes on the branch that is checked out. */
  async commit(message: string): Promise<void> {
    const git = ["git", "-C", this.folder, "-c", "user.name=Test", "-c", "user.email=test@example.com"];
    await mustRun([...git, "add", "--all"]);
    await mustRun([...git, "commit", "--quiet", "--allow-empty", "--message", message]);
  }

  /** Runs a pipeline to its end. */
  async run(source: Source, options: PipelineOptions = {}): Promise<PipelineResult> {
    return await this.start(source, options).finished;
  }

  /** Starts a pipeline, in a process group of its own, as a runner would. */
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

  /** A file among a job's artifacts; undefined if there is none. */
  artifact(job: string, path: string): string | undefined {
    return textOf(join(this.folder, state, "artifacts", fileName(job), path));
  }

  /** Notes a successful deployment, as GitLab does; the number is that of the job and of its pipeline. */
  deployed(job: string, environment: string, number: number): void {
    const path = `slipway-reports/${environment}/plan.json`;
    this.#gitlab.deployments = [{ environment, job: number, pipeline: number }, ...this.#gitlab.deployments];
    const plan = this.artifact(job, path) ?? "";
    this.#gitlab.artifacts = { ...this.#gitlab.artifacts, [`${number}/artifacts/${path}`]: plan };
  }

  /** The lock on the state of a stack, if there is one. */
  lock(stack: string): { readonly pid: number } | undefined {
    const folder = join(this.folder, "state/.pulumi/locks/organization/aaperture", stack);
    const [file] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    return file === undefined ? undefined : readStateLock(textOf(join(folder, file)) ?? "");
  }

  /** The values that GitLab itself would give, in place of gitlab-ci-local's. */
  #given({ fork = false }: PipelineOptions): readonly string[] {
    const release = join(this.folder, "release.json");
    return [
      `CI_API_V4_URL=${this.#gitlab.api}`,
      `CI_JOB_TOKEN=${this.#gitlab.jobToken}`,
      "CI_PROJECT_ID=5",
      "CI_MERGE_REQUEST_PROJECT_ID=5",
      `CI_MERGE_REQUEST_SOURCE_PROJECT_ID=${fork ? 6 : 5}`,
      `CI_MERGE_REQUEST_SOURCE_PROJECT_PATH=${fork ? "stranger/aaperture" : "team/aaperture"}`,
      // gitlab-ci-local sets the folder of a container here although it starts none.
      "CI_PROJECT_DIR=.",
      `SLIPWAY_CACHE=${cacheDirectory}`,
      ...(existsSync(release) ? [`RELEASE_FILE=${release}`] : []),
    ];
  }

  /** The project's variables, with those of an environment only for its jobs, as GitLab scopes them (A7). */
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
      SOPS_AGE_KEY_B64: { type: "variable", values: Object.fromEntries(this.#keys) },
      SLIPWAY_GITLAB_TOKEN: this.#gitlab.projectToken,
    };
    const given = fork ? [] : Object.entries(all).filter(([name]) => !without.includes(name));
    const file = `${state}-variables.yml`;
    writeFileSync(join(this.folder, file), stringify(Object.fromEntries(given)), { mode: 0o600 });
    return file;
  }
}
