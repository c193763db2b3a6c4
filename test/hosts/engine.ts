import { ToolProblem } from "../../toolchain/problem.ts";
import { must, run, type ChildOptions, type Result } from "./child.ts";

/** Runs `docker` with these words; it must succeed. */
export function docker(words: readonly string[], options?: ChildOptions): Promise<string> {
  return must(["docker", ...words], options);
}

/** Runs `docker` with these words, whatever comes of it. */
export function tryDocker(words: readonly string[], options?: ChildOptions): Promise<Result> {
  return run(["docker", ...words], options);
}

/** Makes sure that a Docker engine of this machine answers; tests need root for it. */
export async function ensureEngine(): Promise<void> {
  const host = process.env["DOCKER_HOST"] ?? "";
  if (host !== "" && !host.startsWith("unix://"))
    throw new ToolProblem(
      `test servers: need a Docker engine on this machine, got DOCKER_HOST "${host}"; unset DOCKER_HOST`,
    );
  const { code, stderr } = await tryDocker(["info", "--format", "{{.ServerVersion}}"]);
  if (code !== 0)
    throw new ToolProblem(
      `test servers: no Docker engine answers (${stderr.trim()}); install one and start it, as root`,
    );
}
