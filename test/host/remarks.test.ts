import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import type { Remark } from "../../model/facts/observation.ts";
import { readFacts } from "../../remote/facts.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
let place: string;
let worker: ChildProcess | undefined;
let server: Server | undefined;

beforeEach(() => {
  host = new LocalHost();
  place = join(host.folder, "app");
  const state = host.stackState(staging);
  for (const folder of ["memory", "colours", "applied"]) mkdirSync(join(state, folder), { recursive: true });
  for (const path of [".env", "infra/a b.yml", "compose.yaml", "blue/.env", "proxy/dynamic/routes.yaml", "data/rows"]) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), "");
  }
  writeFileSync(
    join(state, "memory/one"),
    "folder - - infra\nfile 1.a abc infra/a b.yml\nfile 1.a abc .env\nline A 1 x\n",
  );
  const file = (path: string): string => `file\x1f${place}/${path}\x1f644 sha256:1\n`;
  writeFileSync(
    join(state, "memory/two"),
    `sum\x1fabc\n${file("compose.yaml")}container\x1fx\x1fy\x1fz\nfile 1 2 lost\n`,
  );
  writeFileSync(join(state, "colours/blue"), "hash\n.env\n");
});
afterEach(() => {
  worker?.kill();
  server?.close();
  host.remove();
});

/** The remarks of an observation, with these containers on the server, each with facts as the engine gives them. */
async function remarks(
  containers: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  port = 1,
): Promise<readonly Remark[]> {
  const body = {
    directory: place,
    networks: { app_data: "data", app_edge: "edge" },
    ports: { [String(port)]: "api" },
    projects: { app: "shared", "app-blue": "blue" },
    volumes: { app_pgdata: "postgres" },
  };
  const text = writeDocument({ kind: "claim", resource: "claim", body }, { order: 1, attempt: "a" });
  writeFileSync(join(host.folder, "claim"), text);
  const facts = Object.entries(containers).flatMap(([id, one]) =>
    Object.entries({
      name: id,
      project: "",
      image: "img",
      oneoff: "False",
      networks: "",
      volumes: "",
      binds: "",
      ports: "",
      ...one,
    }).map(([field, value]) => `docker_facts["${id} ${field}"]='${value}'`),
  );
  const { stdout, stderr } = await host.source(
    staging,
    `applied_write claim 1.a h claim ${host.folder}/claim; docker_ids=(${Object.keys(containers).join(" ")})
     ${facts.join("; ")}
     observe_remarks`,
  );
  expect(stderr).toBe("");
  const lines = stdout.split("\n").filter((line) => line !== "");
  const first = JSON.stringify({
    fact: "host",
    machine: "",
    boot: "",
    architecture: "",
    engine: "",
    compose: "",
    memoryTotal: 0,
    memoryAvailable: 0,
  });
  return readFacts([first, ...lines]).remarks;
}

/** A container of the stack, which mounts a folder of the server. */
const own = () => ({ data: { project: "app", binds: `${place}/data\x1e/data\x1e` } });

describe("the remarks of an observation, which are no differences (F96)", () => {
  it("are empty if everything is the stack's own", async () => {
    expect(await remarks(own())).toEqual([]);
  });

  it("name each file, folder and link that no document wrote, without a folder's content", async () => {
    mkdirSync(join(place, "mine/deep"), { recursive: true });
    writeFileSync(join(place, "mine/deep/file"), "");
    writeFileSync(join(place, "infra/.hidden"), "");
    writeFileSync(join(place, "lost"), "");
    symlinkSync("/etc", join(place, "blue/etc"));
    writeFileSync(join(place, ".slipway.tmp.1.x"), "");
    expect(await remarks(own())).toEqual([
      { where: `${place}/blue/etc`, found: "a link that slipway did not write" },
      { where: `${place}/infra/.hidden`, found: "a file that slipway did not write" },
      { where: `${place}/lost`, found: "a file that slipway did not write" },
      { where: `${place}/mine`, found: "a folder that slipway did not write" },
    ]);
  });

  it("name fifty things, and count the others", async () => {
    for (let at = 0; at < 60; at++) writeFileSync(join(place, `extra-${at}`), "");
    const found = await remarks(own());
    expect(found).toHaveLength(51);
    expect(found[50]).toEqual({ where: place, found: "10 more things that are not of this stack" });
  });

  it("name each foreign container that uses things of the stack, and one that was run by hand", async () => {
    const containers = {
      ...own(),
      idle: { project: "other" },
      guest: { project: "other", networks: "app_data=10.0.0.9 x=1 ", volumes: "app_pgdata " },
      peer: { networks: "app-blue_private=10.0.0.8 " },
      reader: { binds: `${place}/infra\x1e/in\x1e` },
      shell: { project: "app-blue", oneoff: "True" },
    };
    expect(await remarks(containers)).toEqual([
      { where: "container guest", found: "img of project other, in network app_data, with volume app_pgdata" },
      { where: "container peer", found: "img, in network app-blue_private" },
      { where: "container reader", found: `img, with ${place}/infra` },
      { where: "container shell", found: "img of project app-blue, run by hand" },
    ]);
  });

  it("name a process that works in the directory, or listens beside a container on its port", async () => {
    worker = spawn("sleep", ["60"], { cwd: join(place, "infra") });
    server = createServer();
    const listening = server;
    const port = await new Promise<number>((resolve) => {
      listening.listen(0, "127.0.0.1", () => {
        const address = listening.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    const found = await remarks({ ...own(), api: { project: "app", ports: `127.0.0.2:${port} ` } }, port);
    expect(found).toEqual([
      {
        where: `port ${port}`,
        found: expect.stringMatching(/^process \d+ \(\S+\) listens on 127\.0\.0\.1$/) as unknown,
      },
      { where: `${place}/infra`, found: `process ${String(worker.pid)} (sleep) works there` },
    ]);
    expect(await remarks({ ...own(), api: { project: "app", ports: `127.0.0.1:${port} ` } }, port)).toHaveLength(1);
  });

  it("are empty on a server without a claim", async () => {
    rmSync(join(host.stackState(staging), "applied"), { recursive: true });
    expect((await host.source(staging, "observe_remarks")).stdout).toBe("");
  });
});
