import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { beforeAll, expect, test } from "vitest";
import { runChild } from "../../../process/child.ts";
import { eventually } from "../../hosts/condition.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { sshWords } from "../../hosts/ssh.ts";

let hosts: TestServers;
let first: TestServer;
let second: TestServer;

beforeAll(async () => {
  hosts = await startServers(2, { memory: "1g", dockerGroup: true });
  [first, second] = hosts.servers as [TestServer, TestServer];
  return () => hosts.stop();
});

/** Runs a command on a server through the machine's engine and returns its output. */
async function on(server: TestServer, command: string): Promise<string> {
  const { code, stdout, stderr } = await server.exec(["bash", "-c", command]);
  if (code !== 0) throw new Error(`${command}: ended with ${code}: ${stderr}`);
  return stdout.trim();
}

/** Connects to the server's own address, and returns the result. */
function dial(server: TestServer, port: number): Promise<"open" | "refused" | "silence"> {
  const socket = connect({ host: server.networkAddress, port, timeout: 1500 });
  return new Promise((resolve) => {
    const settle = (how: "open" | "refused" | "silence") => {
      socket.destroy();
      resolve(how);
    };
    socket.once("connect", () => settle("open"));
    socket.once("error", () => settle("refused"));
    socket.once("timeout", () => settle("silence"));
  });
}

/** Logs in with a session that prints "on", and then waits for its input to end. */
async function openSession(server: TestServer) {
  const [program = "ssh", ...words] = server.sshWords();
  const child = spawn(program, [...words, "echo on; cat; echo off"]);
  let said = "";
  child.stdout.on("data", (text: Buffer) => (said += text.toString()));
  const ended = once(child, "close");
  await eventually("the session is open", 30, () => Promise.resolve(said.includes("on") ? true : undefined));
  const end = async () => {
    child.stdin.end();
    await ended;
    return { code: child.exitCode, said };
  };
  return { end };
}

test("both users log in with the run's key, and deploy may use sudo and the engine", async () => {
  expect((await first.ssh("id -un")).stdout).toBe("root\n");
  expect((await first.ssh("id -un; sudo -n id -un", { user: "deploy" })).stdout).toBe("deploy\nroot\n");
  expect((await first.ssh("docker ps --quiet", { user: "deploy" })).code).toBe(0);
});

test("a command gets its input, and its exit code and both outputs come back", async () => {
  const result = await first.ssh("cat; echo problem >&2; exit 7", { stdin: "a $b 'c'\n" });
  expect(result).toMatchObject({ code: 7, stdout: "a $b 'c'\n", stderr: "problem\n" });
});

test("rejects a server that has another host key", async () => {
  const words = sshWords({ ...first.facts, ...first.identity, user: "root", hostKey: second.hostKey });
  const { code, stderr } = await runChild([...words, "true"]);
  expect(code).toBe(255);
  expect(stderr).toContain("Host key verification failed");
});

test("rejects a key that is not the run's", async () => {
  const words = sshWords({ ...first.facts, ...first.identity, user: "root", agentSocket: "none" });
  const { code, stderr } = await runChild([...words, "true"]);
  expect(code).toBe(255);
  expect(stderr).toContain("Permission denied (publickey");
});

test("each server is a machine of its own, and they reach each other by name", async () => {
  const identity = "hostname; cat /etc/machine-id /proc/sys/kernel/random/boot_id";
  const [one, two] = await Promise.all([on(first, identity), on(second, identity)]);
  const names = new Set([...one.split("\n"), ...two.split("\n")]);
  expect(names.size).toBe(6);
  expect((await runChild(["ssh-keyscan", "-t", "ed25519", second.networkAddress])).stdout).toContain(
    second.hostKey.slice(0, 80),
  );
  expect(await on(first, "head -c 4 < /dev/tcp/server-2/22")).toBe("SSH-");
});

test("a cut network stays silent, even after a restart, while commands through the engine still work", async () => {
  await first.cutNetwork();
  expect(await dial(first, 22)).toBe("silence");
  expect((await first.exec(["timeout", "1", "bash", "-c", "head -c 4 < /dev/tcp/server-2/22"])).code).not.toBe(0);
  await first.restart({ powerLoss: true });
  expect(await dial(first, 22)).toBe("silence");
  expect(await dial(second, 22)).toBe("open");
  await first.restoreNetwork();
  expect((await first.ssh("echo back")).stdout).toBe("back\n");
});

test("a stopped sshd refuses connections, while open sessions go on", async () => {
  const session = await openSession(first);
  await first.stopSshd();
  expect(await dial(first, 22)).toBe("refused");
  expect((await first.ssh("true")).code).toBe(255);
  expect(await session.end()).toEqual({ code: 0, said: "on\noff\n" });
  await first.startSshd();
  expect((await first.ssh("true")).code).toBe(0);
});

test("a dropped session ends at once with ssh's own code", async () => {
  const session = await openSession(first);
  await first.dropSessions();
  expect(await session.end()).toEqual({ code: 255, said: "on\n" });
});

test("a restart restores containers by their policy, empties temporary file systems, and keeps the rest", async () => {
  const start = "docker run --detach --stop-signal KILL --entrypoint sleep";
  await on(first, `${start} --name stays --restart unless-stopped postgres:17-alpine infinity`);
  await on(first, `${start} --name goes postgres:17-alpine infinity`);
  await on(first, "touch /run/gone /tmp/gone /var/lib/kept /data/kept");
  const facts = "cat /etc/machine-id /proc/sys/kernel/random/boot_id";
  const [machine, boot] = (await on(first, facts)).split("\n");
  await first.restart();
  const running = () => on(first, "docker ps --format '{{.Names}}'").then((names) => names || undefined);
  expect(await eventually("a container is back", 30, running)).toBe("stays");
  expect(await on(first, "ls -d /run/gone /tmp/gone /var/lib/kept /data/kept 2> /dev/null || true")).toBe(
    "/data/kept\n/var/lib/kept",
  );
  const [machineAfter, bootAfter] = (await on(first, facts)).split("\n");
  expect(machineAfter).toBe(machine);
  expect(bootAfter).not.toBe(boot);
  expect((await first.ssh("true")).code).toBe(0);
  await on(first, "docker rm --force stays goes");
});

test("a server's clock can be shifted for shells and logins, without the machine's", async () => {
  const machine = Date.now() / 1000;
  const lead = async () => Number((await first.ssh("date +%s")).stdout) - Date.now() / 1000;
  await first.setClock("+2d");
  expect(Math.round((await lead()) / 3600)).toBe(48);
  expect(Number((await first.ssh("echo $EPOCHSECONDS")).stdout) - machine).toBeGreaterThan(170_000);
  await first.setClock("-90m");
  expect(Math.round((await lead()) / 60)).toBe(-90);
  expect(Number((await runChild(["date", "+%s"])).stdout) - machine).toBeLessThan(3600);
  await first.resetClock();
  expect(Math.abs(await lead())).toBeLessThan(60);
});

test("/data fills up to the last block, or leaves a given amount free", async () => {
  await first.fillData();
  const { code, stderr } = await first.ssh("echo x > /data/more");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "bash: line 1: echo: write error: No space left on device\n" });
  await first.fillData(1024 * 1024);
  const left = Number(
    await on(first, "rm -f /data/more; stat -f -c '%a * %S' /data | xargs -I{} bash -c 'echo $(({}))'"),
  );
  expect(left).toBeLessThanOrEqual(1024 * 1024);
  expect(left).toBeGreaterThan(512 * 1024);
  await first.emptyData();
  expect(await on(first, "echo x > /data/more && cat /data/more")).toBe("x");
});

test("a container on a server obeys its own memory limit, and all of them together the server's", async () => {
  const { image } = await hosts.buildAppRelease({ version: "hungry", memoryMiB: 1500 });
  const eats = (limit: string) => on(first, `docker run --rm ${limit} ${image} > /dev/null 2>&1; echo $?`);
  expect(await eats("--memory 64m")).toBe("137");
  expect(await eats("")).toBe("137");
});
