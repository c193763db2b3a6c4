import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun } from "../../../toolchain/must-run.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { Workspace } from "../../pulumi/workspace.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";

/** One server with a Pulumi stack of its own. */
interface Site {
  readonly server: TestServer;
  readonly workspace: Workspace;
}

let started: TestServers;
let sites: readonly Site[] = [];
const folder = openRunFolder();

beforeAll(async () => {
  started = await startServers(3);
  sites = started.servers.map((server) => ({ server, workspace: new Workspace(folder, programFile) }));
});

afterAll(async () => {
  await started.stop();
  closeRunFolder(folder);
});

const programFile = `${import.meta.dirname}/../programs/three-providers.ts`;

function site(index: number): Site {
  const found = sites[index];
  if (found === undefined) throw new Error(`there is no server ${index}`);
  return found;
}

function up({ server, workspace }: Site, note: string): Promise<PulumiResult> {
  // This is the server's own address: an engine's helper behind a published port accepts connections even for a server
  // that is cut off.
  const given = { address: server.networkAddress, port: 22, user: "root", hostKey: server.hostKey, note };
  return workspace.run("up", { given, env: { SSH_AUTH_SOCK: started.agentSocket } });
}

async function read(server: TestServer, path: string): Promise<string> {
  return (await server.exec(["cat", path])).stdout;
}

describe("three servers at the same time", () => {
  test("get a command, a volume and a certificate each from its own stack", async () => {
    const results = await Promise.all(sites.map((one, index) => up(one, `note ${index}\n`)));
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    for (const [index, { server }] of sites.entries()) {
      expect(await read(server, "/data/note")).toBe(`note ${index}\n`);
      expect(new X509Certificate(await read(server, "/data/postgres.crt")).subjectAltName).toBe("DNS:postgres");
      const volume = await server.exec(["docker", "volume", "inspect", "--format", "{{.Name}}", "pgdata"]);
      expect(volume.stdout).toBe("pgdata\n");
    }
  });

  test("have the private key for its owner alone, and not in the state", async () => {
    const { server, workspace } = site(0);
    const key = await read(server, "/data/postgres.key");
    expect(key).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
    expect((await server.exec(["stat", "-c", "%a", "/data/postgres.key"])).stdout).toBe("600\n");
    expect(workspace.state().text).not.toContain(key.split("\n")[1]);
  });

  test("do not change with a second up", async () => {
    const results = await Promise.all(sites.map((one, index) => up(one, `note ${index}\n`)));
    expect(results.map(({ events }) => events.changes)).toEqual(sites.map(() => ({ same: 8 })));
  });
});

describe("a failing server", () => {
  test("rejects a write to a full disk, with the server's own message, and keeps the old file (F14)", async () => {
    const { server } = site(0);
    await server.fillData();
    const failed = await up(site(0), "x".repeat(100_000));
    expect(failed.exitCode).toBe(1);
    expect(failed.events.said("note", "error")).toContain("No space left on device");
    expect(await read(server, "/data/note")).toBe("note 0\n");
    await server.emptyData();
    expect((await up(site(0), "there is room again\n")).exitCode).toBe(0);
    expect(await read(server, "/data/note")).toBe("there is room again\n");
  });

  test("rejects a run over a cut network after a bounded time, and the next one converges (F3, F4)", async () => {
    const { server } = site(1);
    await server.cutNetwork();
    const failed = await up(site(1), "after the cut\n");
    expect(failed.exitCode).toBe(1);
    expect(failed.events.said("note", "error")).toMatch(/after \d+ failed attempts/);
    await server.restoreNetwork();
    expect((await up(site(1), "after the cut\n")).exitCode).toBe(0);
    expect(await read(server, "/data/note")).toBe("after the cut\n");
  });

  test("keeps its volume over a restart, after which up has nothing to do (F11)", async () => {
    const { server } = site(2);
    await server.exec(["sh", "-c", "echo kept > /var/lib/docker/volumes/pgdata/_data/row"]);
    await server.restart();
    const again = await up(site(2), "note 2\n");
    expect(again.events.changes).toEqual({ same: 8 });
    expect(await read(server, "/var/lib/docker/volumes/pgdata/_data/row")).toBe("kept\n");
  });
});

test("the servers leave nothing when they stop", async () => {
  const id = started.run;
  await started.stop();
  const filter = ["--filter", `label=slipway.test.run=${id}`, "--quiet"];
  const left = await Promise.all(
    [
      ["ps", "--all"],
      ["volume", "ls"],
      ["network", "ls"],
    ].map((list) => mustRun(["docker", ...list, ...filter])),
  );
  expect(left.join("")).toBe("");
});
