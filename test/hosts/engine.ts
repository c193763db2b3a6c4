import type { Say } from "../../toolchain/progress.ts";
import { ToolProblem } from "../../toolchain/problem.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { dockerEngine } from "../../toolchain/tools/docker-engine.ts";
import { must, run, type ChildOptions, type Result } from "./child.ts";

/** Runs `docker` with these words; it must succeed. */
export function docker(words: readonly string[], options?: ChildOptions): Promise<string> {
  return must(["docker", ...words], options);
}

/** Runs `docker` with these words, whatever comes of it. */
export function tryDocker(words: readonly string[], options?: ChildOptions): Promise<Result> {
  return run(["docker", ...words], options);
}

/** Makes sure that a Docker engine of this machine answers. Servers are containers with many rights, so only root may make them. */
export async function ensureEngine(say: Say): Promise<void> {
  const host = process.env["DOCKER_HOST"] ?? "";
  if (host !== "" && !host.startsWith("unix://"))
    throw new ToolProblem(
      `test servers: need the Docker engine of this machine, got DOCKER_HOST "${host}"; unset DOCKER_HOST`,
    );
  if (process.getuid?.() !== 0)
    throw new ToolProblem(`test servers: need root, got user ${String(process.getuid?.())}; run this as root`);
  await ensureTools([dockerEngine], say);
}
