import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkout } from "../../toolchain/paths.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { runChild, type Ended } from "../../process/child.ts";
import { mustRun } from "../../toolchain/must-run.ts";

/** The reasons for a pipeline, as the variables that GitLab sets for each. */
export const sources = {
  push: [],
  branch: ["CI_COMMIT_BRANCH=feature", "CI_COMMIT_REF_NAME=feature"],
  mergeRequest: ["CI_PIPELINE_SOURCE=merge_request_event", "CI_COMMIT_BRANCH=", "CI_MERGE_REQUEST_IID=7"],
  schedule: ["CI_PIPELINE_SOURCE=schedule"],
} as const;

/** The name of a reason for a pipeline. */
export type Source = keyof typeof sources;

const listSchema = z.array(
  z.object({
    name: z.string(),
    stage: z.string(),
    when: z.string(),
    allow_failure: z.union([z.boolean(), z.object({ exit_codes: z.number() })]),
  }),
);

/** A job of a pipeline, with what its rules decide for one source. */
export type ListedJob = z.output<typeof listSchema>[number];

/** The validation by GitLab's own schema takes half a second, so only the first call for a pipeline does it. */
const unvalidated = ["--no-json-schema-validation"];

const mainFile = ".gitlab-ci.yml";

/** A repository that holds only a pipeline; gitlab-ci-local evaluates the shipped templates in it. */
export class Pipeline {
  readonly folder: string;
  readonly #jobs = new Map<Source, Promise<readonly ListedJob[]>>();
  #expanded: Promise<Readonly<Record<string, unknown>>> | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes this repository's own pipeline, or another one beside its templates. */
  static async own(text: string = readFileSync(join(checkout, mainFile), "utf8")): Promise<Pipeline> {
    const pipeline = await Pipeline.#begin(text);
    cpSync(join(checkout, "ci"), join(pipeline.folder, "ci"), { recursive: true });
    return await pipeline.#commit();
  }

  /**
   * Makes the pipeline of another project that includes this repository. It is put where gitlab-ci-local keeps a
   * fetched one.
   */
  static async other(text: string, project: string, ref: string): Promise<Pipeline> {
    const pipeline = await Pipeline.#begin(text);
    const fetched = join(pipeline.folder, ".gitlab-ci-local/includes/gitlab.test", project, ref, "ci");
    cpSync(join(checkout, "ci"), fetched, { recursive: true });
    return await pipeline.#commit();
  }

  static async #begin(text: string): Promise<Pipeline> {
    const folder = mkdtempSync(join(tmpdir(), "slipway-pipeline-"));
    await mustRun(["git", "init", "--quiet", "--initial-branch", "main", folder]);
    writeFileSync(join(folder, mainFile), text);
    writeFileSync(join(folder, ".gitignore"), ".gitlab-ci-local/\n");
    mkdirSync(join(folder, ".gitlab-ci-local"));
    return new Pipeline(folder);
  }

  async #commit(): Promise<this> {
    const git = ["git", "-C", this.folder, "-c", "user.name=Test", "-c", "user.email=test@example.com"];
    await mustRun([...git, "add", "--all"]);
    await mustRun([...git, "commit", "--quiet", "--message", "pipeline"]);
    await mustRun([...git, "remote", "add", "origin", "git@gitlab.test:team/aaperture.git"]);
    return this;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lists the jobs of a pipeline of this source. A listing takes a second, so each is kept. */
  async jobs(source: Source): Promise<readonly ListedJob[]> {
    const known = this.#jobs.get(source) ?? this.#list(source);
    this.#jobs.set(source, known);
    return await known;
  }

  /** The whole pipeline with all includes and inputs resolved. */
  async expanded(): Promise<Readonly<Record<string, unknown>>> {
    this.#expanded ??= this.#expand();
    return await this.#expanded;
  }

  /** The message with which gitlab-ci-local refuses the pipeline. */
  async refusal(): Promise<string> {
    const { code, stdout, stderr } = await runChild(this.#words(["--list-json", ...unvalidated]), {
      env: this.#environment(),
    });
    if (code === 0) throw new Error("the pipeline was not refused");
    return stdout + stderr;
  }

  async #list(source: Source): Promise<readonly ListedJob[]> {
    const variables = sources[source].flatMap((word) => ["--variable", word]);
    const { stdout } = await this.#ci(["--list-json", ...variables, ...(source === "push" ? [] : unvalidated)]);
    const all = listSchema.parse(JSON.parse(stdout.slice(stdout.indexOf("[\n"))));
    return all.filter(({ when }) => when !== "never");
  }

  async #expand(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await this.#ci(["--preview", ...unvalidated]);
    return z.record(z.string(), z.unknown()).parse(parse(stdout.slice(stdout.indexOf("---\n"))));
  }

  async #ci(words: readonly string[]): Promise<Ended> {
    const result = await runChild(this.#words(words), { env: this.#environment() });
    if (result.code !== 0)
      throw new Error(`gitlab-ci-local ended with ${result.code}\n${result.stdout}${result.stderr}`);
    return result;
  }

  #words(words: readonly string[]): readonly string[] {
    return ["env", "-C", this.folder, "gitlab-ci-local", ...words];
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...toolEnvironment(), NO_COLOR: "1", HOME: this.folder, GCL_IGNORE_PREDEFINED_VARS: "CI_PIPELINE_SOURCE" };
  }
}
