import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { makeKey, type KeyFile } from "../../cli/ssh/key-files.ts";
import { SlipwayProcess, type SlipwayResult } from "../../cli/slipway-process.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { Workspace } from "../../pulumi/workspace.ts";

const folder = openRunFolder();
const digest = `@sha256:${"0".repeat(64)}`;
let hosts: TestServers;
let server: TestServer;
let workspace: Workspace;
let otherKey: KeyFile;

beforeAll(async () => {
  hosts = await startServers(1, { bare: true });
  const [first] = hosts.servers;
  if (first === undefined) throw new Error("there is no server");
  server = first;
  otherKey = await makeKey(folder, "other");
  workspace = new Workspace(folder);
  workspace.write("Pulumi.yaml", "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\n");
  workspace.write(".gitignore", "*\n");
  workspace.write("compose.yaml", `services: { db: { image: "redis${digest}", ports: ["6379"] } }\n`);
  writeStack(server.hostKey);
});

afterAll(async () => {
  await hosts.stop();
  closeRunFolder(folder);
});

function writeStack(hostKey: string): void {
  const host = JSON.stringify({ address: server.address, port: server.port, user: "deploy", hostKey });
  const place = "  shop:directory: /srv/shop\n  shop:project: shop\n  shop:ports: { db: 127.0.0.1:6379 }\n";
  workspace.write("Pulumi.test.yaml", `config:\n  shop:host: ${host}\n${place}`);
}

function slipway(...words: string[]): Promise<SlipwayResult> {
  const env = {
    ...pulumiEnvironment(),
    PULUMI_BACKEND_URL: `file://${workspace.folder}/state`,
    SSH_AUTH_SOCK: hosts.agentSocket,
  };
  return new SlipwayProcess(["-C", workspace.folder, ...words], env).finished;
}

/** Everything that is not as it should be. */
async function ills(): Promise<string[]> {
  const { exitCode, stdout } = await slipway("doctor");
  const lines = stdout.split("\n").filter((line) => /^(missing|warning|unknown) /.test(line));
  expect(exitCode).toBe(lines.some((line) => line.startsWith("missing")) ? 1 : 0);
  return lines;
}

/** Listens on a port, then leaves a child that keeps it, and prints its id. */
const listen = `
my $kept = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 6379, Listen => 1) or die;
if (my $pid = fork) { print $pid; exit }
close $_ for *STDIN, *STDOUT, *STDERR;
sleep 600;`;

describe("slipway doctor", () => {
  test("names at once what project, state and server lack", async () => {
    const found = await ills();
    expect(found).toEqual([
      "missing  stack test: fingerprintKey: is not there; run `slipway init --stack test`",
      "missing  state of test: the backend has no such stack; make it with `slipway init --stack test`",
      "missing  main: access to the Docker engine: deploy is not in the group docker; " +
        "run what `slipway host prepare` prints, as root",
      "missing  main: /usr/local/sbin/slipway-root: run what `slipway host prepare` prints, as root",
    ]);
  });

  test("finds nothing missing once the server is prepared and the stack is made", async () => {
    expect((await server.ssh("sh", { stdin: (await slipway("host", "prepare")).stdout })).code).toBe(0);
    expect((await slipway("init", "--stack", "test")).exitCode).toBe(0);
    expect(await ills()).toEqual([]);
    const { stdout } = await slipway("doctor");
    expect(stdout).toMatch(/^ok {7}main: Docker engine: \d/m);
    expect(stdout).toMatch(/^ok {7}main: memory: [\d.]+ GB of [\d.]+ GB are available$/m);
    expect(stdout).toMatch(/\nnothing is missing\n$/);
  });

  test("says the same in JSON, and nothing else", async () => {
    const { stdout } = await slipway("doctor", "--json");
    const findings: unknown = JSON.parse(stdout);
    expect(findings).toMatchObject({ exitCode: 0, servers: expect.arrayContaining([expect.anything()]) as unknown });
    expect(Object.keys(findings ?? {})).toEqual(["exitCode", "machine", "project", "state", "servers"]);
  });

  test("names the port that something else listens on (A5)", async () => {
    const { stdout: pid } = await server.exec(["perl", "-MIO::Socket::INET", "-e", listen]);
    expect(await ills()).toEqual([
      `missing  ports.db: is in use on 127.0.0.1 by process ${pid} (perl), got '6379'; ` +
        "choose another port, or stop what uses it",
    ]);
    await server.exec(["kill", pid]);
  });

  test("rejects a server that shows another host key, and goes on with the rest (F5)", async () => {
    writeStack(otherKey.public.split(" ").slice(0, 2).join(" "));
    const found = await ills();
    expect(found).toContainEqual(expect.stringMatching(/^missing {2}main: login: .* instead of `host.hostKey`/));
    expect(found.filter((line) => line.includes("main:"))).toHaveLength(1);
    writeStack(server.hostKey);
  });
});
