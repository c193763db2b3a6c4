import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectionOf } from "../../../model/connection.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { connect } from "../../../remote/connect.ts";
import { makeKey, type KeyFile } from "../../cli/ssh/key-files.ts";
import { SlipwayProcess, type SlipwayResult } from "../../cli/slipway-process.ts";
import { runChild, type Ended } from "../../../process/child.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { Workspace } from "../../pulumi/workspace.ts";

const folder = openRunFolder();
const helper = "/usr/local/sbin/slipway-root";
let hosts: TestServers;
let server: TestServer;
let workspace: Workspace;
/** The key of deployments; the administrator uses the run's own key. */
let key: KeyFile;

beforeAll(async () => {
  hosts = await startServers(1, { sudo: false });
  const [first] = hosts.servers;
  if (first === undefined) throw new Error("there is no server");
  server = first;
  key = await makeKey(folder, "deployments");
  workspace = new Workspace(folder);
  workspace.write("Pulumi.yaml", "name: trial\nruntime: { name: nodejs, options: { typescript: false } }\n");
  const host = { address: server.address, port: server.port, user: "ship", hostKey: server.hostKey };
  for (const [name, value] of Object.entries(host)) {
    await workspace.pulumi(["config", "set", "--path", `host.${name}`, String(value)]);
  }
});

afterAll(async () => {
  await hosts.stop();
  closeRunFolder(folder);
});

function slipway(...words: string[]): Promise<SlipwayResult> {
  const env = {
    ...pulumiEnvironment(),
    PULUMI_BACKEND_URL: `file://${workspace.folder}/state`,
    SSH_PRIVATE_KEY: key.private,
  };
  const stack = words.includes("prepare") ? [] : ["--stack", "test"];
  return new SlipwayProcess(["-C", workspace.folder, ...stack, ...words], env).finished;
}

/** The items that a check lists with a verdict. */
function itemsWith(verdict: "ok" | "missing", { stdout }: SlipwayResult): string[] {
  const lines = stdout.split("\n").filter((line) => line.startsWith(`${verdict} `));
  return lines.map((line) => line.slice(verdict.length, line.indexOf(":")).trim());
}

/** Runs the printed script as root, as an administrator does by hand. */
async function prepare(): ReturnType<TestServer["ssh"]> {
  const { stdout: script } = await slipway("host", "prepare", "--user", "ship", "--key", `${key.file}.pub`);
  return await server.ssh("sh", { stdin: script });
}

/** Runs a command on the server as slipway's user, with the key of deployments. */
async function asShip(command: string, stdin = ""): Promise<Ended> {
  const words = server.sshWords().map((word) => (word.startsWith("root@") ? word.replace("root", "ship") : word));
  const identity = words.map((word) => (word.startsWith("IdentityAgent=") ? `IdentityFile=${key.file}` : word));
  return await runChild([...identity, "-o", "IdentitiesOnly=yes", "--", command], { stdin });
}

describe("a server before the script runs (X2)", () => {
  test("rejects the user's login in the check, with the way out", async () => {
    const { exitCode, stdout } = await slipway("host", "check");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      new RegExp(
        `^missing  login: as ship@127.0.0.1:${server.port}: it refuses the keys of user 'ship'; .*host prepare`,
      ),
    );
  });

  test("rejects each thing that the server lacks, once the user can log in", async () => {
    await server.exec(["useradd", "--create-home", "--shell", "/bin/bash", "ship"]);
    await server.exec(
      [
        "sh",
        "-c",
        "umask 077; mkdir ~ship/.ssh; cat >~ship/.ssh/authorized_keys; chown -R ship: ~ship/.ssh; usermod -p '*' ship",
      ],
      {
        stdin: `${key.public} first line\n# no line end`,
      },
    );
    const checked = await slipway("host", "check");
    expect(checked.exitCode).toBe(1);
    expect(itemsWith("missing", checked)).toEqual(["access to the Docker engine", helper]);
    expect(itemsWith("ok", checked)).toEqual(["processor", "glibc", "disk", "Docker Compose", "server boot"]);
    expect(checked.stdout).toMatch(/the server is not ready: 2 missing\n$/);
    await server.exec(["userdel", "--remove", "ship"]);
  });

  test("rejects programs that the script cannot install, after it has done the rest", async () => {
    await server.exec([
      "sh",
      "-c",
      "mv /usr/bin/docker /usr/bin/docker.gone; mv /usr/sbin/visudo /usr/sbin/visudo.gone",
    ]);
    const { code, stderr } = await prepare();
    expect(code).toBe(1);
    expect(stderr.split("\n").map((line) => line.slice(0, line.indexOf(";")))).toEqual([
      "Docker engine: missing",
      "sudo: missing",
      "",
    ]);
    const checked = await slipway("host", "check");
    expect(itemsWith("missing", checked)).toEqual(["Docker engine", "root by sudo"]);
    await server.exec([
      "sh",
      "-c",
      "mv /usr/bin/docker.gone /usr/bin/docker; mv /usr/sbin/visudo.gone /usr/sbin/visudo",
    ]);
    await server.exec(["userdel", "--remove", "ship"]);
    await server.exec(["rm", helper]);
  });

  test("takes the key of deployments for the script if none is given", async () => {
    expect((await slipway("host", "prepare")).stdout).toContain(`key='${key.public}`);
  });

  test("rejects a script that does not run as root", async () => {
    const { stdout: script } = await slipway("host", "prepare", "--user", "ship", "--key", `${key.file}.pub`);
    const { code, stderr } = await server.ssh("sh", { stdin: script, user: "deploy" });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "prepare: run this as root\n" });
  });
});

describe("a bare server after the script ran (X2)", () => {
  test("has everything that the script reports, and the check finds it", async () => {
    const { code, stdout, stderr } = await prepare();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "Docker engine and Compose: installed",
      `${helper}: written`,
      "user ship: created",
      "group docker: ship added",
      "/etc/sudoers.d/slipway-ship: written",
      "authorised key: added",
      "/var/lib/slipway: readable only by root",
      `server boot: no systemd runs here; let your start script run '${helper} resume' after Docker has started`,
      "this server: is ready for ship; `slipway host check` or the first run uploads Node to it",
      "",
    ]);
    const checked = await slipway("host", "check");
    const found = ["processor", "glibc", "disk", "Docker engine", "Docker Compose", helper, "root by sudo"];
    expect(itemsWith("ok", checked)).toEqual([...found, "server boot", "program"]);
    expect(checked.stderr).toContain("runtime: uploads Node ");
    expect(checked.exitCode).toBe(0);
    expect((await slipway("host", "check")).stderr).not.toContain("runtime: uploads Node");
  });

  test("has a unit for its start with systemd; the check asks for it, and rejects KillUserProcesses", async () => {
    const logind = "printf '#!/bin/sh\\necho b true\\n' >/usr/local/bin/busctl; chmod 755 /usr/local/bin/busctl";
    const systemd = `mkdir -p /run/systemd/system; ln -s /bin/true /usr/local/bin/systemctl; ${logind}`;
    await server.exec(["sh", "-c", systemd]);
    const checked = await slipway("host", "check");
    expect(itemsWith("missing", checked)).toEqual(["processes that outlive their login", "slipway-resume.service"]);
    expect((await prepare()).stdout).toContain("/etc/systemd/system/slipway-resume.service: written\n");
    const { stdout } = await server.exec(["cat", "/etc/systemd/system/slipway-resume.service"]);
    expect(stdout).toContain(`After=docker.service\n\n[Service]\nType=oneshot\nExecStart=${helper} resume\n`);
    await server.exec(["sh", "-c", "rm -r /run/systemd /usr/local/bin/systemctl /usr/local/bin/busctl"]);
  });

  test("rejects sudo that asks for a password, with the line of sudoers (F10)", async () => {
    const file = "/etc/sudoers.d/slipway-ship";
    await server.exec(["mv", file, "/root/sudoers"]);
    const checked = await slipway("host", "check");
    expect(itemsWith("missing", checked)).toEqual(["root by sudo"]);
    expect(checked.stdout).toContain(`or add to /etc/sudoers.d: ship ALL=(root) NOPASSWD: ${helper}\n`);
    await server.exec(["mv", "/root/sudoers", file]);
  });

  test("rejects the unreadable claim of another stack, which would stop every run (SEC-C11)", async () => {
    await server.exec([
      "sh",
      "-c",
      "mkdir -p /var/lib/slipway/claims; echo '{' >/var/lib/slipway/claims/shop@live.json",
    ]);
    const checked = await slipway("host", "check");
    expect(itemsWith("missing", checked)).toEqual(["readable /var/lib/slipway/claims/shop@live.json"]);
    await server.exec(["rm", "/var/lib/slipway/claims/shop@live.json"]);
  });

  test("does not change with a second run", async () => {
    const files = [
      "/etc/passwd",
      "/etc/group",
      helper,
      "/etc/sudoers.d/slipway-ship",
      "/home/ship/.ssh/authorized_keys",
    ];
    const fileFacts = () => server.exec(["stat", "-c", "%n %i %y %a %U", ...files]);
    const before = await fileFacts();
    const { stdout } = await prepare();
    expect(stdout).not.toMatch(/created|written|added/);
    expect(await fileFacts()).toEqual(before);
  });

  test("has the key on a line of its own, even after a line without an end", async () => {
    await server.exec(["sh", "-c", "printf %s '# mine' >/home/ship/.ssh/authorized_keys"]);
    expect((await prepare()).stdout).toContain("authorised key: added");
    expect((await asShip("cat .ssh/authorized_keys")).stdout).toMatch(/^# mine\nssh-ed25519 .*\n$/);
  });

  test("lets the user take the lease, and a verb acts as root", async () => {
    const host = { address: server.address, port: server.port, user: "ship", hostKey: server.hostKey };
    const environment = { ...process.env, SSH_AUTH_SOCK: hosts.agentSocket };
    await runChild(["ssh-add", "-q", key.file], { env: environment });
    const client = await connect({
      connection: connectionOf(host),
      stack: "trial/test",
      environment,
      say: () => undefined,
    });
    await client.lease({ seconds: 10, run: "run-1", holder: "trial/test, a test", job: "" });
    const body = { path: "/srv/trial", owner: "root", mode: "0750" };
    const document = writeDocument({ kind: "directory", resource: "directory", body }, { order: 1, attempt: "a1b2c3" });
    const verb = `sudo -n ${helper} verb trial/test directory`;
    expect(await asShip(`${verb} apply`, document)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"outcome":"applied"') as unknown,
    });
    expect((await server.exec(["stat", "-c", "%U %a", "/srv/trial"])).stdout).toBe("root 750\n");
    await client.close();
    expect(await asShip(`${verb} delete`, document)).toMatchObject({ code: 0 });
    expect((await server.exec(["test", "-e", "/srv/trial"])).code).toBe(1);
  });

  test("rejects a helper of another version, by name", async () => {
    await server.exec(["sh", "-c", `echo '# older' >>${helper}`]);
    const checked = await slipway("host", "check");
    expect(itemsWith("missing", checked)).toEqual([`${helper} of this version`]);
    expect((await prepare()).stdout).toContain(`${helper}: written`);
  });
});

describe("the one command that the user may run as root", () => {
  test("is the user's only one", async () => {
    const { code, stderr } = await asShip("sudo -n id");
    expect(code).toBe(1);
    expect(stderr).toMatch(/password is required|not allowed/);
  });
});
