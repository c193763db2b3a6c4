import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { aptObstacle } from "../apt.ts";
import { runCommand, tryCommand } from "../command.ts";
import type { Place } from "../place.ts";
import { ToolProblem } from "../problem.ts";
import type { Progress } from "../progress.ts";
import type { Installed, Source, Tool } from "../tool.ts";
import { find } from "./on-path.ts";

const bootDeadline = 90_000;

/** An engine that answers, wherever DOCKER_HOST or the client's context say it is. */
export const runningEngine: Source = {
  name: "an engine that answers",
  forecast: "",
  present: (_tool, run) => answer(run.place, "found"),
  async obstacle(_tool, run) {
    if (find("docker", run.place) === undefined) return "there is no docker command";
    const { output } = await askEngine();
    return output.trim().split("\n").at(-1) ?? "it does not answer";
  },
  obtain: () => Promise.reject(new Error("an engine that answers needs nothing")),
};

/** The machine's own engine, which is installed but not running. */
export const stoppedEngine: Source = {
  name: "the installed engine",
  forecast: "starts the machine's Docker engine (dockerd), a few seconds; it is left running, as a service would be",
  present: () => Promise.resolve(undefined),
  obstacle: (_tool, run) =>
    Promise.resolve(find("dockerd", run.place) === undefined ? "there is no dockerd" : starterObstacle()),
  obtain: (tool, run, progress) => start(tool, run.place, progress),
};

/** An engine from the machine's package manager: the one thing that is installed outside of the cache. */
export const packagedEngine: Source = {
  name: "Debian's docker.io",
  forecast:
    "installs docker.io and iptables with apt-get, outside of this checkout, and starts dockerd, about a minute; it is left running, as a service would be",
  present: () => Promise.resolve(undefined),
  obstacle: (_tool, run) => Promise.resolve(aptObstacle(run.place) ?? starterObstacle()),
  async obtain(tool, run, progress) {
    const options = {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      onLine: (line: string) => progress.status(`apt-get: ${line}`),
    };
    await runCommand(["apt-get", "update"], options);
    await runCommand(["apt-get", "install", "--yes", "--no-install-recommends", "docker.io", "iptables"], options);
    return await start(tool, run.place, progress);
  },
};

function starterObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may install and start it";
  const host = process.env["DOCKER_HOST"];
  return host === undefined || host === "" ? undefined : `DOCKER_HOST asks for ${host}`;
}

async function start(tool: Tool, place: Place, progress: Progress): Promise<Installed> {
  const log = join(place.cacheDirectory, "docker-engine", "dockerd.log");
  if (existsSync("/run/systemd/system")) await runCommand(["systemctl", "start", "docker"]);
  else daemon(log);
  progress.status("waits until the engine answers");
  const deadline = Date.now() + bootDeadline;
  while (Date.now() < deadline) {
    const engine = await answer(place, "installed");
    if (engine !== undefined) return engine;
    await setTimeout(300);
  }
  const end = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-15).join("\n") : "";
  throw new ToolProblem(
    `dockerd: does not answer after ${bootDeadline / 1000} s; its log ${log} ends with\n${end}\n${tool.remedy}`,
  );
}

/** Starts the engine in a session of its own, so that no Ctrl-C meant for us reaches it. Where one is starting already, this one ends by itself. */
function daemon(log: string): void {
  mkdirSync(join(log, ".."), { recursive: true });
  const output = openSync(log, "a");
  spawn("dockerd", [], { detached: true, cwd: "/", stdio: ["ignore", output, output] })
    .on("error", () => undefined)
    .unref();
}

async function answer(place: Place, origin: Installed["origin"]): Promise<Installed | undefined> {
  if (find("docker", place) === undefined) return undefined;
  const { code, output } = await askEngine();
  return code === 0 ? { origin, detail: "docker info answers", version: output.trim(), commands: {} } : undefined;
}

function askEngine(): Promise<{ code: number; output: string }> {
  return tryCommand(["docker", "info", "--format", "{{.ServerVersion}}"], { deadline: 5_000 });
}
