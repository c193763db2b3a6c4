import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { runChild, type Ended } from "../../process/child.ts";
import { aptObstacle } from "./apt.ts";
import { mustRun } from "../must-run.ts";
import type { Place } from "../cache/place.ts";
import { ToolProblem } from "../problem.ts";
import type { Progress } from "../progress.ts";
import type { Installed, Source, Tool } from "../tool.ts";
import { find } from "./on-path.ts";

const bootDeadline = 90_000;
const grace = 3_000;
const socket = "/var/run/docker.sock";

/** An engine that answers, wherever DOCKER_HOST or the client's context say it is. */
export const runningEngine: Source = {
  name: "an engine that answers",
  forecast: "",
  present: (_tool, run) => answer(run.place, "found"),
  async obstacle(_tool, run) {
    if (find("docker", run.place) === undefined) return "there is no docker command";
    const { stdout, stderr } = await askEngine();
    return `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "it does not answer";
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
    await mustRun(["apt-get", "update"], options);
    // Where Debian has the client in a package of its own, it is wanted too.
    const client = (await runChild(["apt-cache", "show", "docker-cli"])).code === 0 ? ["docker-cli"] : [];
    const packages = ["docker.io", "iptables", ...client];
    await mustRun(["apt-get", "install", "--yes", "--no-install-recommends", ...packages], options);
    return await start(tool, run.place, progress);
  },
};

function starterObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may install and start it";
  const host = process.env["DOCKER_HOST"] ?? "";
  return ["", `unix://${socket}`, "unix:///run/docker.sock"].includes(host)
    ? undefined
    : `DOCKER_HOST asks for ${host}`;
}

async function start(tool: Tool, place: Place, progress: Progress): Promise<Installed> {
  const isAlive = existsSync("/run/systemd/system") ? await startService() : startDaemon(logFile(place));
  progress.status("waits until the engine answers");
  const deadline = Date.now() + bootDeadline;
  while (Date.now() < deadline && isAlive()) {
    const engine = await answer(place, "installed");
    if (engine !== undefined) return engine;
    await setTimeout(300);
  }
  throw new ToolProblem(`dockerd: does not come up; ${complaint(place)}${tool.remedy}`);
}

async function startService(): Promise<() => boolean> {
  await mustRun(["systemctl", "start", "docker"]);
  return () => true;
}

/** Starts the engine in a session of its own, so that no Ctrl-C meant for us reaches it. */
function startDaemon(log: string): () => boolean {
  mkdirSync(join(log, ".."), { recursive: true });
  const output = openSync(log, "w");
  const child = spawn("dockerd", [], { detached: true, cwd: "/", stdio: ["ignore", output, output] });
  let end = Infinity;
  // The package may have started one just before; then ours ends by itself, and that one is waited for.
  child.on("exit", () => (end = Date.now() + grace));
  child.on("error", () => (end = 0));
  child.unref();
  return () => Date.now() < end;
}

function logFile(place: Place): string {
  return join(place.cacheDirectory, "docker-engine", "dockerd.log");
}

/** What the engine's log says last that is not mere information. */
function complaint(place: Place): string {
  const log = logFile(place);
  if (!existsSync(log)) return "";
  const lines = readFileSync(log, "utf8").split("\n");
  const serious = lines.filter((line) => /level=(error|fatal)|^panic|^failed/.test(line));
  return `its log ${log} says\n${serious.slice(-5).join("\n")}\n`;
}

async function answer(place: Place, origin: Installed["origin"]): Promise<Installed | undefined> {
  if (find("docker", place) === undefined) return undefined;
  const { code, stdout } = await askEngine();
  if (code !== 0) return undefined;
  return { origin, detail: "docker info answers", version: stdout.trim(), commands: {} };
}

function askEngine(): Promise<Ended> {
  return runChild(["docker", "info", "--format", "{{.ServerVersion}}"], { deadline: 5_000 });
}
