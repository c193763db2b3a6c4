import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toolEnvironment } from "../../../toolchain/environment.ts";

/** The end of a pipeline, and the output of its jobs. */
export interface PipelineResult {
  readonly code: number | null;
  readonly output: string;
  /** The log of one job. */
  readonly log: (job: string) => string;
}

/** The folder of gitlab-ci-local's own files, below the repository. */
export const state = ".gitlab-ci-local";

/** A running pipeline. */
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

  /** The output so far. */
  get output(): string {
    return this.#output;
  }

  /** Cancels a job as a runner does: every process of the job gets SIGTERM, and the runner goes on listening. */
  cancelJob(): void {
    const runner = this.#pid();
    const inGroup = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && groupOf(name) === runner);
    for (const pid of inGroup.map(Number).filter((pid) => pid !== runner)) process.kill(pid, "SIGTERM");
  }

  /** Kills the runner with everything that it runs. */
  kill(): void {
    process.kill(-this.#pid(), "SIGKILL");
  }

  #pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("the pipeline did not start");
    return pid;
  }
}

/** The process group of a process; undefined if it is gone. */
function groupOf(pid: string): number | undefined {
  const fields = textOf(join("/proc", pid, "stat"))
    ?.replace(/^.*\) /s, "")
    .split(" ");
  return fields === undefined ? undefined : Number(fields[2]);
}

/** The name of a job in gitlab-ci-local's files: characters other than letters, digits and lines are in base64. */
export function fileName(job: string): string {
  return job.replaceAll(/[^\w-]+/g, (text) => Buffer.from(text).toString("base64url"));
}

/** A file's text; undefined if there is none. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
