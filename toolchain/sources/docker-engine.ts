import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { runChild, type Ended } from "../../process/child.ts";
import { aptObstacle } from "./apt.ts";
import { mustRun } from "../must-run.ts";
import type { Place } from "../cache/place.ts";
import { UserError } from "../../model/problem.ts";
import type { Progress } from "../progress.ts";
import type { Installed, Source, Tool } from "../tool.ts";
import { findOnPath } from "./on-path.ts";

const startTimeout = 90_000;
const graceAfterExit = 3_000;
const socket = "/var/run/docker.sock";

/** An engine that answers where DOCKER_HOST or the docker client's context points. */
export const runningEngine: Source = {
  name: "an engine that answers",
  forecast: "",
  present: (_tool, run) => answeringEngine(run.place, "found"),
  async obstacle(_tool, run) {
    if (findOnPath("docker", run.place) === undefined) return "docker is not on PATH";
    const { stdout, stderr } = await askEngine();
    return `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "it does not answer";
  },
  obtain: () => Promise.reject(new Error("an engine that answers needs no installation")),
};

/** The machine's own engine, which is installed but not running. */
export const stoppedEngine: Source = {
  name: "the installed engine",
  forecast: "starts the machine's Docker engine (dockerd), a few seconds; it keeps running afterwards",
  present: () => Promise.resolve(undefined),
  obstacle: (_tool, run) =>
    Promise.resolve(findOnPath("dockerd", run.place) === undefined ? "dockerd is not on PATH" : starterObstacle()),
  obtain: (tool, run, progress) => start(tool, run.place, progress),
};

/** An engine from the machine's package manager: the only tool that is installed outside of the cache. */
export const packagedEngine: Source = {
  name: "Debian's docker.io",
  forecast:
    "installs docker.io and iptables with apt-get, outside of this checkout, and starts dockerd, about a minute; " +
    "the engine keeps running afterwards",
  present: () => Promise.resolve(undefined),
  obstacle: (_tool, run) => Promise.resolve(aptObstacle(run.place) ?? starterObstacle()),
  async obtain(tool, run, progress) {
    const options = {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      onLine: (line: string) => progress.status(`apt-get: ${line}`),
    };
    await mustRun(["apt-get", "update"], options);
    // Newer releases of Debian have the client in a separate package.
    const client = (await runChild(["apt-cache", "show", "docker-cli"])).code === 0 ? ["docker-cli"] : [];
    const packages = ["docker.io", "iptables", ...client];
    await mustRun(["apt-get", "install", "--yes", "--no-install-recommends", ...packages], options);
    return await start(tool, run.place, progress);
  },
};

/** Says why this user cannot start an engine; undefined if that is possible. */
function starterObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may install and start it";
  const host = process.env["DOCKER_HOST"] ?? "";
  return ["", `unix://${socket}`, "unix:///run/docker.sock"].includes(host)
    ? undefined
    : `DOCKER_HOST points to ${host}`;
}

/** Starts the engine and waits until it answers. */
async function start(tool: Tool, place: Place, progress: Progress): Promise<Installed> {
  const isAlive = existsSync("/run/systemd/system") ? await startService() : startDaemon(logFile(place));
  progress.status("waits until the engine answers");
  const deadline = Date.now() + startTimeout;
  while (Date.now() < deadline && isAlive()) {
    const engine = await answeringEngine(place, "installed");
    if (engine !== undefined) return engine;
    await setTimeout(300);
  }
  throw new UserError({ path: "dockerd", what: "did not start", todo: `${lastErrors(place)}${tool.remedy}` });
}

async function startService(): Promise<() => boolean> {
  await mustRun(["systemctl", "start", "docker"]);
  return () => true;
}

/** Starts the engine in a session of its own, so that a Ctrl-C in our terminal does not reach it. */
function startDaemon(log: string): () => boolean {
  mkdirSync(join(log, ".."), { recursive: true });
  const output = openSync(log, "w");
  const child = spawn("dockerd", [], { detached: true, cwd: "/", stdio: ["ignore", output, output] });
  let end = Infinity;
  // The package may have started an engine already. Then ours ends by itself, and we wait a little for the other one.
  child.on("exit", () => (end = Date.now() + graceAfterExit));
  child.on("error", () => (end = 0));
  child.unref();
  return () => Date.now() < end;
}

function logFile(place: Place): string {
  return join(place.cacheDirectory, "docker-engine", "dockerd.log");
}

/** The last error lines of the engine's log, as part of a message. */
function lastErrors(place: Place): string {
  const log = logFile(place);
  if (!existsSync(log)) return "";
  const lines = readFileSync(log, "utf8").split("\n");
  const errors = lines.filter((line) => /level=(error|fatal)|^panic|^failed/.test(line));
  return `its log ${log} says\n${errors.slice(-5).join("\n")}\n`;
}

/** The engine if it answers now. */
async function answeringEngine(place: Place, origin: Installed["origin"]): Promise<Installed | undefined> {
  if (findOnPath("docker", place) === undefined) return undefined;
  const { code, stdout } = await askEngine();
  if (code !== 0) return undefined;
  return { origin, detail: "docker info answers", version: stdout.trim(), commands: {} };
}

function askEngine(): Promise<Ended> {
  return runChild(["docker", "info", "--format", "{{.ServerVersion}}"], { deadline: 5_000 });
}
