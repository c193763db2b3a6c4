import { UserError } from "../../model/problem.ts";
import { tryDocker } from "./engine.ts";
import { freePort } from "./port.ts";
import { labels, type Run } from "./run.ts";

/** A container to start, with one of its ports published on the loopback interface. */
interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly network: string;
  readonly publish: number;
  readonly options: readonly string[];
}

/**
 * The options that a Docker engine inside a container needs. `--privileged` is shorter, but fails if the machine itself
 * lacks one of the capabilities. The private cgroup namespace keeps inner containers within the server's limits.
 */
export const engineOptions: readonly string[] = [
  ...["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE", "--device-cgroup-rule", "a *:* rwm"],
  ...["seccomp", "apparmor", "systempaths"].flatMap((kind) => ["--security-opt", `${kind}=unconfined`]),
  ...["--cgroupns", "private", "--tmpfs", "/run:exec,mode=755", "--tmpfs", "/tmp:exec,mode=1777"],
  ...["--volume", "/var/lib/docker"],
];

/** Starts a container and returns its port on the loopback interface. */
export async function startContainer(run: Run, plan: ContainerPlan): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = await freePort();
    const { code, stderr } = await tryDocker([
      ...["run", "--detach", "--name", plan.name, ...labels(run), "--network", plan.network],
      ...["--publish", `127.0.0.1:${port}:${plan.publish}`, ...plan.options, plan.image],
    ]);
    if (code === 0) return port;
    await tryDocker(["rm", "--force", "--volumes", plan.name]);
    if (!/port is already allocated|address already in use/.test(stderr)) throw failed(plan.name, stderr.trim());
  }
  throw failed(plan.name, "found no free port between 20000 and 32000");
}

function failed(name: string, what: string): UserError {
  return new UserError({ path: `docker run ${name}`, what, todo: "see what the engine says" });
}
