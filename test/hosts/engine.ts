import type { Say } from "../../toolchain/progress.ts";
import { here } from "../../toolchain/cache/place.ts";
import { UserError } from "../../model/problem.ts";
import { findOnPath } from "../../toolchain/sources/on-path.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { dockerEngine } from "../../toolchain/tools/docker-engine.ts";
import { runChild, type ChildOptions, type Ended } from "../../process/child.ts";
import { mustRun } from "../../toolchain/must-run.ts";

/** Runs `docker` with these arguments; a failure throws. */
export function docker(words: readonly string[], options?: ChildOptions): Promise<string> {
  return mustRun(["docker", ...words], options);
}

/** Runs `docker` with these arguments and returns the result, also of a failure. */
export function tryDocker(words: readonly string[], options?: ChildOptions): Promise<Ended> {
  return runChild(["docker", ...words], options);
}

/** Lists objects of the engine, one a line. Retries errors, which occur while another run removes a listed object. */
export async function dockerList(words: readonly string[]): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    const { code, stdout } = await tryDocker(words);
    if (code === 0) return stdout.split("\n").filter((line) => line !== "");
    if (attempt === 10) return (await docker(words)).split("\n").filter((line) => line !== "");
  }
}

/** Makes sure that this machine's Docker engine answers. It needs root, since servers are privileged containers. */
export async function ensureEngine(say: Say): Promise<void> {
  const host = process.env["DOCKER_HOST"] ?? "";
  if (host !== "" && !host.startsWith("unix://"))
    throw failed(`need the Docker engine of this machine, got DOCKER_HOST "${host}"`, "unset DOCKER_HOST");
  if (process.getuid?.() !== 0) throw failed(`need root, got user ${String(process.getuid?.())}`, "run this as root");
  const missing = ["ssh", "ssh-add", "ssh-agent", "ssh-keygen"].filter((name) => findOnPath(name, here) === undefined);
  if (missing.length > 0) throw failed(`${missing.join(", ")} not found on PATH`, "install openssh-client");
  await ensureTools([dockerEngine], say);
}

function failed(what: string, todo: string): UserError {
  return new UserError({ path: "test servers", what, todo });
}
