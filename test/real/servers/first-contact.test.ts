import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from "vitest";
import { prepareScript } from "../../../cli/commands/host-prepare.ts";
import { connectionOf } from "../../../model/connection.ts";
import { verbCommand } from "../../../model/document/verb.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { onlyTheServer } from "../../../model/facts/scope.ts";
import { runChild } from "../../../process/child.ts";
import { connect } from "../../../remote/connect.ts";
import type { HostClient } from "../../../remote/host-client.ts";
import { Runtimes } from "../../../remote/runtime.ts";
import { makeKey, type KeyFile } from "../../cli/ssh/key-files.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";

const folder = openRunFolder();
let hosts: TestServers;
let server: TestServer;
const said: string[] = [];
const stack = "shop/test";
const version = new Runtimes({ environment: process.env, say: () => undefined }).version;

beforeAll(async () => {
  hosts = await startServers(1, { sudo: false, bare: true });
  const [first] = hosts.servers;
  if (first === undefined) throw new Error("there is no server");
  server = first;
});

afterAll(async () => {
  await hosts.stop();
  closeRunFolder(folder);
});

function connectAs(user: string, hostKey = server.hostKey): Promise<HostClient> {
  said.length = 0;
  const connection = connectionOf({ address: server.address, port: server.port, user, hostKey });
  const environment = { ...process.env, SSH_AUTH_SOCK: hosts.agentSocket };
  return connect({ connection, stack, environment, say: (line) => said.push(line), pauses: [] });
}

/** Connects, observes, takes the lease and ends. Returns the seconds that it took. */
async function contact(user: string): Promise<number> {
  const started = performance.now();
  const client = await connectAs(user);
  expect((await client.observe(onlyTheServer)).host.architecture).toBe("x86_64");
  await client.lease({ seconds: 10, run: "run-1", holder: `${stack}, a test`, job: "" });
  await client.close();
  const seconds = (performance.now() - started) / 1000;
  expect((await server.exec(["test", "-x", `/var/lib/slipway/stacks/shop@test/slipway`])).code).toBe(0);
  return seconds;
}

async function filesBelow(folder: string): Promise<string[]> {
  const { stdout } = await server.exec(["find", folder, "-type", "f"]);
  return stdout.trim().split("\n");
}

/** Everything that a login shell's settings should not do. */
const noisy = `echo '{"to":"error","message":"a shell"}' 'n0nce {"to":"start"}'
echo 'a warning of the shell' >&2
cd /tmp; umask 000; alias sh=false exec=false
export NODE_OPTIONS=--require=/nonexistent DOCKER_HOST=tcp://192.0.2.1 TMPDIR=/nonexistent
trap 'echo a line after' EXIT
printf 'a line without an end'
`;

/** The public key of the run, which opens every account of its servers. */
async function publicKey(): Promise<string> {
  const { stdout } = await runChild(["ssh-add", "-L"], { env: { ...process.env, SSH_AUTH_SOCK: hosts.agentSocket } });
  return stdout.trim().split(" ").slice(0, 2).join(" ");
}

describe("a server that never saw slipway", () => {
  it("gets runtime and program from root's first contact, whole, and nothing from the second", async () => {
    const first = await contact("root");
    // A fresh checkout packs the runtime first.
    const [begin] = said.filter((line) => !line.startsWith("runtime: packs"));
    expect(begin).toMatch(new RegExp(`^runtime: uploads Node ${version} to 127\\.0\\.0\\.1, \\d+ MB, once$`));
    const files = await filesBelow("/var/lib/slipway");
    expect(files).toContain(`/var/lib/slipway/runtime/node-${version}-x64/node`);
    expect(files.filter((file) => /program\/[0-9a-f]{64}\.cjs$/.test(file))).toHaveLength(1);
    expect(files.filter((file) => file.includes(".draft"))).toEqual([]);
    const second = await contact("root");
    expect(said.filter((line) => line.startsWith("runtime: "))).toEqual([]);
    process.stderr.write(`first contact ${first.toFixed(1)} s, second ${second.toFixed(2)} s\n`);
  });

  it("rejects another user until `slipway host prepare` was run there (F10)", async () => {
    await expect(connectAs("deploy")).rejects.toThrow(/slipway-root|sudo/);
  });

  it("rejects a host key that is not the pinned one, with both fingerprints (F5, SEC-B9)", async () => {
    const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh8Hi2wGRKnK3bWCRyUVKAJZQeiMZLh5yEFuOHaNRHm";
    const { stdout } = await server.exec(["ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub"]);
    const own = stdout.split(" ")[1] ?? "";
    await expect(connectAs("root", other)).rejects.toThrow(
      `it shows the host key ${own} instead of \`host.hostKey\`, which is SHA256:MynMnO8A8pN5J12`,
    );
  });
});

describe("a prepared server", () => {
  let observer: KeyFile;
  beforeAll(async () => {
    const key = `${await publicKey()} deployments`;
    observer = await makeKey(folder, "observer");
    const { public: observeKey } = observer;
    const prepared = await server.ssh("sh", { stdin: prepareScript({ user: "deploy", key, observeKey }) });
    expect({ code: prepared.code, stderr: prepared.stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("serves the user of deployments, who is given what is missing", async () => {
    await server.exec(["rm", "-r", "/var/lib/slipway"]);
    const first = await contact("deploy");
    const second = await contact("deploy");
    process.stderr.write(`as deploy: first contact ${first.toFixed(1)} s, second ${second.toFixed(2)} s\n`);
  });

  test.each([
    { user: "root", home: "/root" },
    { user: "deploy", home: "/home/deploy" },
  ] as const)("bears a noisy .bashrc of $user, in a session and in a verb (F9, SEC-B8)", async ({ user, home }) => {
    const set = `cp ${home}/.bashrc /run/bashrc && cat - /run/bashrc >${home}/.bashrc`;
    await server.exec(["sh", "-c", set], { stdin: noisy });
    onTestFinished(async () => {
      await server.exec(["sh", "-c", `cat /run/bashrc >${home}/.bashrc`]);
    });
    const client = await connectAs(user);
    expect((await client.observe(onlyTheServer)).host.engine).not.toBe("");
    await client.lease({ seconds: 10, run: "run-1", holder: `${stack}, a test`, job: "" });
    const path = `/srv/of-${user}`;
    const body = { path, owner: "root", mode: "0750" };
    const document = writeDocument({ kind: "directory", resource: user, body }, { order: 1, attempt: "a" });
    const command = verbCommand({ via: "ssh", user }, stack, "directory", "apply");
    const { code, stdout, stderr } = await server.ssh(command, { user, stdin: document });
    await client.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "a warning of the shell\n" });
    const answer = `{"outcome":"applied","object":"directory:${path}","number":"1.a"}`;
    expect(stdout).toContain(`a line without an end${answer}\n`);
    expect((await server.exec(["stat", "-c", "%a %U", path])).stdout).toBe("750 root\n");
  });

  test("lets the observer's key observe and nothing else, whatever it asks for", async () => {
    const words = server.sshWords().map((word) => word.replace(/^root@/, "slipway-observe@"));
    const identity = words.map((word) => (word.startsWith("IdentityAgent=") ? `IdentityFile=${observer.file}` : word));
    const asObserver = (command: string, stdin: string) =>
      runChild([...identity, "-o", "IdentitiesOnly=yes", "--", command], { stdin });
    const asked = '{"do":"lease","seconds":1,"run":"r","holder":"h","job":""}\n';
    const refused = await asObserver("id; cat /etc/shadow", `${`${stack} n0nce12345 `.padEnd(255)}\n${asked}`);
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/^n0nce12345 \{"to":"start"\}\n/);
    expect(refused.stdout + refused.stderr).toContain("this key only observes, got 'lease'");
    expect(refused.stdout + refused.stderr).not.toMatch(/uid=|root:/);
    expect((await asObserver("", `../x n0nce12345\n`)).stderr).toContain("is not a stack of the form project/stack");
    expect(
      (await server.exec(["su", "slipway-observe", "-c", "sudo -n /usr/local/sbin/slipway-root resume"])).code,
    ).toBe(1);
    expect((await server.exec(["id", "-nG", "slipway-observe"])).stdout).toBe("slipway-observe\n");
  });

  test("gets a runtime again that was cut, after a connection that was lost in the middle (F144)", async () => {
    await server.exec(["rm", "-r", "/var/lib/slipway"]);
    const cut = connectAs("deploy").then((client) => client.close());
    cut.catch(() => undefined);
    const draft = "until ls /var/lib/slipway/runtime/*/.draft.* 2>/dev/null; do :; done";
    await server.exec(["sh", "-c", draft]);
    await server.dropSessions();
    await expect(cut).rejects.toThrow(/closed by|reset by|Broken pipe/); // the words of ssh, by where it was cut
    await contact("deploy");
    const kept = await filesBelow("/var/lib/slipway/runtime");
    expect(kept.filter((file) => !file.includes(".draft"))).toEqual([
      `/var/lib/slipway/runtime/node-${version}-x64/node`,
    ]);
  });
});
