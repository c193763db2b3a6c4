import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { dockerBuildx } from "../../../toolchain/tools/docker-buildx.ts";
import { eventually } from "../../hosts/condition.ts";
import { RegistryDoor } from "../../hosts/registry/registry-door.ts";
import type { Registry } from "../../hosts/registry/registry.ts";
import type { TestServer } from "../../hosts/servers.ts";

/** The Docker engine of a runner, on a server that nothing is deployed to, and the runner's way to the registry. */
export class Builder {
  readonly #door: RegistryDoor;
  readonly #tunnel: ChildProcess;
  readonly #socket: string;

  private constructor(door: RegistryDoor, tunnel: ChildProcess, socket: string) {
    this.#door = door;
    this.#tunnel = tunnel;
    this.#socket = socket;
  }

  /** Lets jobs whose home is the folder build on the server's engine, with buildx as their user has installed it. */
  static async open(server: TestServer, registry: Registry, home: string): Promise<Builder> {
    const [buildx] = await ensureTools([dockerBuildx], () => undefined);
    const plugins = join(home, ".docker/cli-plugins");
    mkdirSync(plugins, { recursive: true });
    symlinkSync(buildx?.installed.commands[dockerBuildx.name] ?? "", join(plugins, dockerBuildx.name));
    const socket = join(home, ".docker/engine.sock");
    const words = ["-N", "-L", `${socket}:/var/run/docker.sock`];
    const [command = "", ...login] = server.sshWords();
    const tunnel = spawn(command, [...login, ...words], { stdio: "ignore" });
    await eventually("the engine of the runner", 30, () => Promise.resolve(existsSync(socket) ? true : undefined));
    return new Builder(await RegistryDoor.open(registry, join(home, ".docker")), tunnel, socket);
  }

  /** The variables of a runner with this engine, in a GitLab whose registry is that of the test servers. */
  variables(path: string): readonly string[] {
    const registry = "registry.test:5000";
    const ofGitlab = {
      ...{ CI_REGISTRY: registry, CI_REGISTRY_IMAGE: `${registry}/${path}` },
      ...{ CI_REGISTRY_USER: "gitlab-ci-token", CI_REGISTRY_PASSWORD: "canary-of-the-registry" },
    };
    const all = { ...ofGitlab, ...this.#door.environment, DOCKER_HOST: `unix://${this.#socket}` };
    return Object.entries(all).map(([name, value]) => `${name}=${value}`);
  }

  async close(): Promise<void> {
    this.#door.close();
    const ended = once(this.#tunnel, "exit");
    this.#tunnel.kill();
    await ended;
  }
}
