import { randomInt } from "node:crypto";
import { UserError } from "../../model/problem.ts";
import { docker, tryDocker } from "./engine.ts";
import { labels, type Run } from "./run.ts";

/**
 * Creates the network of a run. The engine itself can assign only about thirty networks, so this chooses a range of
 * 198.18.0.0/15, which is reserved for tests. If the engine rejects it as taken, another one is chosen.
 */
export async function createNetwork(run: Run): Promise<string> {
  const name = `slipway-${run.id}`;
  for (let attempt = 0; attempt < 50; attempt++) {
    const subnet = `198.${18 + randomInt(2)}.${randomInt(256)}.${32 * randomInt(8)}/27`;
    const { code, stderr } = await tryDocker(["network", "create", ...labels(run), "--subnet", subnet, name]);
    if (code === 0) return name;
    if (!stderr.includes("overlap")) throw failed(stderr.trim());
  }
  throw failed("found no free network in 198.18.0.0/15");
}

/** The address of a container in its run's network. */
export function addressOf(container: string): Promise<string> {
  return docker(["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container]);
}

function failed(what: string): UserError {
  return new UserError({ path: "docker network create", what, todo: "look at docker network ls" });
}
