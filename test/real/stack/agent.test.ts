import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeKey, type KeyFile } from "../../cli/ssh/key-files.ts";
import type { SlipwayProcess } from "../../cli/slipway-process.ts";
import { WaitingStack } from "../../cli/state/waiting-stack.ts";
import { runChild } from "../../../process/child.ts";
import { eventually } from "../../hosts/condition.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { series } from "../series.ts";

const folder = openRunFolder();
let key: KeyFile;
let other: KeyFile;
let encrypted: KeyFile;
let stack: WaitingStack;
let running: SlipwayProcess | undefined;

beforeAll(async () => {
  key = await makeKey(folder, "key");
  other = await makeKey(folder, "other");
  encrypted = await makeKey(folder, "encrypted", "a passphrase");
});
afterAll(() => closeRunFolder(folder));

beforeEach(async () => {
  stack = await WaitingStack.create(folder);
});
afterEach(async () => {
  stack.letGo();
  await running?.finished;
  running = undefined;
});

/** Starts `slipway up` with the key in the variable, and waits until the stack's resource is being made. */
async function startUp(env: NodeJS.ProcessEnv = { SSH_PRIVATE_KEY: key.private }): Promise<SlipwayProcess> {
  running = stack.up(env);
  await Promise.race([stack.started(), running.finished.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  return running;
}

/** Waits until the socket, its folder and the agent's processes are gone. */
async function waitUntilGone(socket: string): Promise<void> {
  await eventually("the agent is gone", 10, async () => {
    const { code } = await runChild(["ssh-add", "-l"], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    return code === 2 && !existsSync(dirname(socket)) && agentsOf(socket).length === 0 ? true : undefined;
  });
}

/** An agent in a process group of its own, held by a process as slipway does. */
async function holdAgent(): Promise<{ readonly pid: number; readonly socket: string; readonly end: () => void }> {
  const main = join(import.meta.dirname, "../../cli/ssh/hold-agent.ts");
  const env = { ...process.env, SSH_PRIVATE_KEY: key.private };
  const child = spawn(process.execPath, [main], { env, stdio: ["pipe", "pipe", "inherit"], detached: true });
  const socket = await new Promise<string>((resolve) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
  });
  return { pid: child.pid ?? 0, socket, end: () => child.stdin.end() };
}

function agentsOf(socket: string): string[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(dirname(socket)));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Forms of a key in the variable; the fast tests know all of them. */
const keyForms: readonly (readonly [string, () => string])[] = [
  ["with line ends of Windows", () => key.private.replaceAll("\n", "\r\n")],
  ["without its last line end", () => key.private.trimEnd()],
  ["as base64", () => Buffer.from(key.private).toString("base64")],
  ["as the path of a File variable", () => key.file],
];

describe("SSH_PRIVATE_KEY", () => {
  test("is in an agent of the run, and in no environment of a process below slipway (F8)", async () => {
    await startUp();
    const { socket, variable, keys } = stack.seen();
    expect(socket).toMatch(new RegExp(`^${tmpdir()}/slipway-agent-`));
    expect(keys.trim()).toContain(key.public);
    expect(keys.trim().split("\n")).toHaveLength(1);
    expect(variable).toBe(false);
  });

  test("is gone when the run has ended, with pulumi's exit code", async () => {
    const up = await startUp();
    const { socket } = stack.seen();
    stack.letGo();
    expect((await up.finished).exitCode).toBe(0);
    expect(existsSync(dirname(socket))).toBe(false);
    expect(agentsOf(socket)).toEqual([]);
  });

  test.each(series<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP"], ["SIGTERM"]))(
    "is gone after %s, and pulumi ends at a safe point (F119)",
    async (signal) => {
      const up = await startUp();
      const { socket } = stack.seen();
      up.kill(signal);
      await eventually("pulumi has heard it", 20, () => Promise.resolve(/cancel/i.test(up.output) ? true : undefined));
      expect(stack.seen().keys).toContain(key.public); // still there while pulumi stops
      stack.letGo();
      const { exitCode } = await up.finished;
      expect(exitCode).not.toBe(0);
      await waitUntilGone(socket);
      expect(stack.locks()).toEqual([]);
    },
  );

  test("is gone after SIGKILL of slipway alone, and pulumi ends at a safe point (F85)", async () => {
    const up = await startUp();
    const { socket } = stack.seen();
    up.kill("SIGKILL");
    await waitUntilGone(socket);
    stack.letGo();
    await eventually("pulumi has let its lock go", 20, () =>
      Promise.resolve(stack.locks().length === 0 ? true : undefined),
    );
    expect(up.output).toMatch(/cancel/i);
  });

  test("stays while pulumi stops, even if a terminal or a runner signals the whole group (F119)", async () => {
    const { pid, socket, end } = await holdAgent();
    const before = agentsOf(socket);
    expect(before).toHaveLength(2); // the agent, and the process that waits beside it
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(-pid, signal);
    expect((await runChild(["ssh-add", "-l"], { env: { ...process.env, SSH_AUTH_SOCK: socket } })).code).toBe(0);
    expect(agentsOf(socket)).toEqual(before);
    end();
    await waitUntilGone(socket);
  });

  test("is gone after SIGKILL of the whole group, as by a runner that gives up (F120)", async () => {
    const { pid, socket } = await holdAgent();
    process.kill(-pid, "SIGKILL");
    await waitUntilGone(socket);
  });

  test.each(series(keyForms, keyForms.slice(2)))("is loaded %s", async (_, value) => {
    await startUp({ SSH_PRIVATE_KEY: value() });
    expect(stack.seen().keys).toContain(key.public);
  });

  test("rejects a key with a passphrase before anything starts (F23)", async () => {
    const { exitCode, stderr, stdout } = await stack.up({ SSH_PRIVATE_KEY: encrypted.private }).finished;
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toBe(
      "SSH_PRIVATE_KEY: is encrypted with a passphrase, which a deployment cannot enter; " +
        "make a separate key for deployments, without one: `ssh-keygen -t ed25519 -N '' -f deploy`\n",
    );
    expect(stack.has("seen.json")).toBe(false);
  });
});

describe("a run without SSH_PRIVATE_KEY", () => {
  /** Runs an agent for the duration of an action. */
  async function withAgent(keys: readonly KeyFile[], action: (socket: string) => Promise<void>): Promise<void> {
    const socket = join(stack.workspace.folder, "own-agent");
    const { stdout } = await runChild(["ssh-agent", "-s", "-a", socket]);
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]);
    for (const { file } of keys)
      await runChild(["ssh-add", "-q", file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    await action(socket).finally(() => process.kill(pid));
  }

  test("uses the agent of the environment, and leaves it alone", async () => {
    await withAgent([key, other], async (socket) => {
      const up = await startUp({ SSH_AUTH_SOCK: socket });
      stack.letGo();
      expect((await up.finished).exitCode).toBe(0);
      expect(stack.seen()).toMatchObject({ socket });
      expect(stack.seen().keys.trim().split("\n")).toHaveLength(2);
      expect((await runChild(["ssh-add", "-l"], { env: { ...process.env, SSH_AUTH_SOCK: socket } })).code).toBe(0);
    });
  });

  test("rejects an agent without a key (F23)", async () => {
    await withAgent([], async (socket) => {
      const { exitCode, stderr } = await stack.up({ SSH_AUTH_SOCK: socket }).finished;
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr:
          "ssh-agent (SSH_AUTH_SOCK): holds no key; put the key that opens the servers into SSH_PRIVATE_KEY, " +
          "or load it: `ssh-add <file>`\n",
      });
    });
  });

  test("rejects an agent that is gone, and a missing one (F23)", async () => {
    const nowhere = stack.path("nowhere");
    const gone = await stack.up({ SSH_AUTH_SOCK: nowhere }).finished;
    expect(gone.stderr).toMatch(`ssh-agent (SSH_AUTH_SOCK): cannot be reached, got '${nowhere}'; `);
    const none = await stack.up().finished;
    expect(none.stderr).toMatch(/^SSH_PRIVATE_KEY: is not set, and there is no ssh-agent; /);
  });
});

test("rejects a machine without ssh at the start, and names each missing program (F24)", async () => {
  const bin = stack.path("bin");
  mkdirSync(bin);
  symlinkSync("/usr/bin/ssh-add", join(bin, "ssh-add"));
  const { exitCode, stderr } = await stack.up({ PATH: bin, SSH_PRIVATE_KEY: key.private }).finished;
  expect(exitCode).toBe(1);
  expect(stderr.split("\n").map((line) => line.slice(0, line.indexOf(",")))).toEqual([
    "ssh: there is no such program on this machine",
    "ssh-agent: there is no such program on this machine",
    "",
  ]);
});
