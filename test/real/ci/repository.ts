import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { cacheDirectory, checkout } from "../../../toolchain/paths.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { sources, type Source } from "../../ci/pipeline.ts";
import type { GitlabStub } from "../../cli/gitlab/gitlab-stub.ts";
import { fileName, RunningPipeline, state, textOf, type PipelineResult } from "./run.ts";

/** Options of a pipeline beside its source. */
export interface PipelineOptions {
  /** Manual jobs that a person starts. */
  readonly manual?: readonly string[];
  /** Runs only these jobs, as if a person started or repeated them. */
  readonly only?: string | readonly string[];
  /** Further variables, each as `NAME=value`. */
  readonly also?: readonly string[];
  /** Variables of the project that this pipeline does not get. */
  readonly without?: readonly string[];
  /** True if the project's variables are withheld, as from a fork. @default false */
  readonly fork?: boolean;
}

/** The variables of a project in GitLab: for all jobs, or by environment. */
export type ProjectVariables = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** What a repository has in GitLab. */
interface RepositorySettings {
  readonly folder: string;
  /** Its path in GitLab. */
  readonly path: string;
  readonly gitlab: GitlabStub;
  readonly variables: ProjectVariables;
  /** What the runner sets, each as `NAME=value`. */
  readonly ofRunner: readonly string[];
}

/**
 * A repository with a pipeline. gitlab-ci-local runs it as GitLab would: each job has a checkout of its own, and
 * variables by environment.
 */
export class CiRepository {
  readonly folder: string;
  readonly #settings: RepositorySettings;

  constructor(settings: RepositorySettings) {
    this.folder = settings.folder;
    this.#settings = settings;
  }

  /** Commits everything as the first commit of the branch main. */
  async begin(ignored: readonly string[]): Promise<void> {
    const { folder } = this;
    writeFileSync(join(folder, ".gitignore"), [...ignored, "release.json", ".docker", `${state}*`, ""].join("\n"));
    await mustRun(["git", "init", "--quiet", folder]);
    await this.commit("pipeline");
    await mustRun(["git", "-C", folder, "branch", "--move", "--force", "main"]);
    await mustRun(["git", "-C", folder, "remote", "add", "origin", `git@gitlab.test:${this.#settings.path}.git`]);
  }

  /** Makes a link for a submodule. It is absolute, since jobs have checkouts of their own. */
  link(name: string, target = ""): void {
    symlinkSync(join(checkout, target), join(this.folder, name));
  }

  /** Commits all changes on the branch that is checked out. */
  async commit(message: string): Promise<void> {
    const git = ["git", "-C", this.folder, "-c", "user.name=Test", "-c", "user.email=test@example.com"];
    await mustRun([...git, "add", "--all"]);
    await mustRun([...git, "commit", "--quiet", "--allow-empty", "--message", message]);
  }

  /** The commit that is checked out, in the length of CI_COMMIT_SHORT_SHA. */
  async head(): Promise<string> {
    return (await mustRun(["git", "-C", this.folder, "rev-parse", "HEAD"])).slice(0, 8);
  }

  /** Runs a pipeline to its end. */
  async run(source: Source, options: PipelineOptions = {}): Promise<PipelineResult> {
    return await this.start(source, options).finished;
  }

  /** Starts a pipeline, in a process group of its own, as a runner would. */
  start(source: Source, options: PipelineOptions = {}): RunningPipeline {
    rmSync(join(this.folder, state, "output"), { recursive: true, force: true });
    const variables = [...this.#given(options), ...sources[source], ...(options.also ?? [])];
    const only = [options.only ?? []].flat();
    const words = [
      ...["--shell-isolation", "--force-shell-executor", "--no-artifacts-to-source", "--no-json-schema-validation"],
      ...["--variables-file", this.#variablesFile(options)],
      ...(options.manual ?? []).flatMap((job) => ["--manual", job]),
      ...[...only, ...only.flatMap((job) => ["--manual", job])],
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
    const { gitlab } = this.#settings;
    const path = `slipway-reports/${environment}/plan.json`;
    gitlab.deployments = [{ environment, job: number, pipeline: number }, ...gitlab.deployments];
    gitlab.artifacts = { ...gitlab.artifacts, [`${number}/artifacts/${path}`]: this.artifact(job, path) ?? "" };
  }

  /** The values that GitLab itself would give, in place of gitlab-ci-local's. */
  #given({ fork = false }: PipelineOptions): readonly string[] {
    const { gitlab, path, ofRunner } = this.#settings;
    return [
      `CI_API_V4_URL=${gitlab.api}`,
      `CI_JOB_TOKEN=${gitlab.jobToken}`,
      "CI_PROJECT_ID=5",
      "CI_MERGE_REQUEST_PROJECT_ID=5",
      `CI_MERGE_REQUEST_SOURCE_PROJECT_ID=${fork ? 6 : 5}`,
      `CI_MERGE_REQUEST_SOURCE_PROJECT_PATH=${fork ? "stranger/aaperture" : path}`,
      // gitlab-ci-local sets the folder of a container here although it starts none.
      "CI_PROJECT_DIR=.",
      `SLIPWAY_CACHE=${cacheDirectory}`,
      ...ofRunner,
    ];
  }

  /** The project's variables, with those of an environment only for its jobs, as GitLab scopes them (A7). */
  #variablesFile({ fork = false, without = [] }: PipelineOptions): string {
    const all = Object.entries(fork ? {} : this.#settings.variables).filter(([name]) => !without.includes(name));
    const given = all.map(([name, value]) => {
      return [name, typeof value === "string" ? value : { type: "variable", values: value }] as const;
    });
    const file = `${state}-variables.yml`;
    writeFileSync(join(this.folder, file), stringify(Object.fromEntries(given)), { mode: 0o600 });
    return file;
  }
}
