import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { runChild } from "../../../process/child.ts";
import { eventually } from "../../hosts/condition.ts";
import { docker, dockerList } from "../../hosts/engine.ts";
import { folderOf, runLabel } from "../../hosts/run.ts";
import { startServers, type TestServers } from "../../hosts/servers.ts";
import { sweepDeadRuns } from "../../hosts/sweep.ts";

const facts = z.object({
  run: z.string(),
  pushAddress: z.string(),
  servers: z.array(z.object({ container: z.string(), port: z.number(), networkAddress: z.string() })),
});

let living: TestServers;

beforeAll(async () => {
  living = await startServers(1);
  return () => living.stop();
});

/** Starts a run in a process of its own, and collects everything by which its remains could be found. */
async function startElsewhere() {
  const child = spawn(process.execPath, ["test/hosts/hold.ts", "1"], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  const run = facts.parse(JSON.parse(await line));
  const container = run.servers[0]?.container ?? "";
  const [id = "", pid = ""] = (await docker(["inspect", "--format", "{{.Id}} {{.State.Pid}}", container])).split(" ");
  const volume = await docker([
    "inspect",
    "--format",
    "{{range .Mounts}}{{if .Name}}{{.Name}}{{end}}{{end}}",
    container,
  ]);
  const device = await docker(["exec", container, "findmnt", "-n", "-o", "SOURCE", "/data"]);
  const inner = await docker(["exec", container, "pgrep", "-c", "."]);
  const traces = {
    id,
    pid: Number(pid),
    volume,
    device,
    loop: loopOf(device),
    agent: Number(readFileSync(`${folderOf(run.run)}/agent.pid`, "utf8")),
  };
  expect(Number(inner)).toBeGreaterThan(3);
  expect(traces.loop).toMatch(/^\d+$/);
  return { child, run, traces };
}

type Elsewhere = Awaited<ReturnType<typeof startElsewhere>>;

/** The use of a loop device, whose number changes with each file behind it; undefined while it is unused. */
function loopOf(device: string): string | undefined {
  const folder = device.replace("/dev/", "/sys/block/");
  return existsSync(`${folder}/loop`) ? readFileSync(`${folder}/diskseq`, "utf8").trim() : undefined;
}

/** Processes with the run in their command line: its keeper, its agent, docker commands. */
function processesOf(run: string): readonly string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return words.includes(run) ? [words] : [];
    } catch {
      return [];
    }
  });
}

/** Lists everything of a run that still exists; the list is empty once all is removed. */
async function remains({ run, traces }: Elsewhere): Promise<readonly string[]> {
  const labelled = ["--filter", `label=${runLabel}=${run.run}`, "--format"];
  const kinds = await Promise.all([
    dockerList(["ps", "--all", ...labelled, "container {{.Names}}"]),
    dockerList(["volume", "ls", ...labelled, "volume {{.Name}}"]),
    dockerList(["volume", "ls", "--filter", `name=${traces.volume}`, "--format", "volume {{.Name}}"]),
    dockerList(["network", "ls", ...labelled, "network {{.Name}}"]),
    dockerList(["image", "ls", "--all", ...labelled, "image {{.ID}}"]),
  ]);
  const paths = [
    folderOf(run.run),
    `/proc/${traces.pid}`,
    `/sys/fs/cgroup/memory/docker/${traces.id}`,
    `/sys/fs/cgroup/docker/${traces.id}`,
  ];
  return [
    ...kinds.flat(),
    ...paths.filter((path) => existsSync(path)),
    ...processesOf(run.run),
    ...(loopOf(traces.device) === traces.loop ? [traces.device] : []),
  ];
}

async function kill(elsewhere: Elsewhere): Promise<void> {
  const ended = once(elsewhere.child, "exit");
  elsewhere.child.kill("SIGKILL");
  await ended;
}

/**
 * Waits until nothing of a run remains; the failure lists the rest. It takes long: the engine flushes its file systems.
 */
async function expectGone(elsewhere: Elsewhere): Promise<void> {
  const gone = async () => ((await remains(elsewhere)).length === 0 ? true : undefined);
  await eventually("the run is gone", 120, gone).catch(async (error: unknown) => {
    throw new Error(`left: ${(await remains(elsewhere)).join(", ")}`, { cause: error });
  });
}

test("two runs work side by side, each with its own ports, network and registry", async () => {
  const elsewhere = await startElsewhere();
  const [mine] = living.servers;
  const [other] = elsewhere.run.servers;
  expect(other?.port).not.toBe(mine?.port);
  expect(other?.networkAddress).not.toBe(mine?.networkAddress);
  expect(elsewhere.run.pushAddress).not.toBe(living.registry.pushAddress);
  expect((await remains(elsewhere)).length).toBeGreaterThan(5);

  const digest = (await living.buildAppRelease({ version: "mine" })).digest;
  expect(await living.registry.digest("app", "mine")).toBe(digest);
  const image = (name: string) => runChild(["docker", "manifest", "inspect", "--insecure", name]);
  expect((await image(`${elsewhere.run.pushAddress}/app:base`)).code).toBe(0);
  expect((await image(`${elsewhere.run.pushAddress}/app:mine`)).code).not.toBe(0);

  await kill(elsewhere);
  await expectGone(elsewhere);
  expect((await mine?.ssh("echo alive"))?.stdout).toBe("alive\n");
});

test("the next run removes a run that was killed together with its keeper, and no living run", async () => {
  const elsewhere = await startElsewhere();
  const keepers = await runChild(["pgrep", "-f", `keep.sh ${elsewhere.run.run} `]);
  for (const pid of keepers.stdout.trim().split("\n")) process.kill(Number(pid), "SIGKILL");
  await kill(elsewhere);
  expect((await remains(elsewhere)).length).toBeGreaterThan(4);
  expect(await remains(elsewhere)).toContain(elsewhere.traces.device);

  await sweepDeadRuns();
  await expectGone(elsewhere);
  expect((await living.servers[0]?.ssh("echo alive"))?.stdout).toBe("alive\n");
});
