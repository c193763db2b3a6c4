import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { outermostFolder } from "../../../host/data/data-folder.ts";
import { volumeServer, writeCluster } from "./volumes.ts";

const data = { service: "api", cluster: "", folder: "1.1", empty: false, machine: "machine-1" };

describe("the facts of a volume", () => {
  it("are whether it exists and holds something, apart from what a file system makes by itself (SEC-A7)", async () => {
    const server = volumeServer();
    const path = server.volume("uploads");
    const before = { volume: "uploads", exists: true, cluster: "", major: "", remembered: null, owner: "" };
    expect(await server.facts(["uploads", "none"])).toEqual([
      { ...before, folder: expect.stringMatching(/^\d+(\.\d+)?$/) as unknown, empty: true },
      { ...before, volume: "none", exists: false, folder: "", empty: true },
    ]);
    mkdirSync(join(path, "lost+found"));
    expect(await server.facts(["uploads"])).toMatchObject([{ empty: true }]);
    writeFileSync(join(path, ".hidden"), "");
    expect(await server.facts(["uploads"])).toMatchObject([{ empty: false }]);
  });

  it("are found for a volume named like a property of Object", async () => {
    const server = volumeServer();
    server.volume("constructor");
    expect(await server.facts(["constructor"])).toMatchObject([{ exists: true, cluster: "" }]);
  });

  it("tell a volume that was made again from one that was emptied or filled (SEC-A7, F137)", async () => {
    const server = volumeServer();
    const path = server.volume("uploads");
    const folder = async () => (await server.facts(["uploads"]))[0]?.folder;
    const first = await folder();
    writeFileSync(join(path, "a"), "1");
    rmSync(join(path, "a"));
    expect(await folder()).toBe(first);
    renameSync(path, `${path}.before`);
    mkdirSync(path);
    expect(await folder()).not.toBe(first);
  });

  it("of one that lies elsewhere are its device, whether Docker has it mounted or not", async () => {
    const server = volumeServer();
    const options = { type: "nfs", device: ":/srv/data", o: "addr=10.0.0.1,password=secret" };
    server.volume("shared", { Driver: "local", Options: options });
    expect(await server.facts(["shared"])).toMatchObject([{ folder: "local :/srv/data", empty: false }]);
  });

  it("of one whose folder is gone are no identity", async () => {
    const server = volumeServer();
    rmSync(server.volume("uploads"), { recursive: true });
    expect(await server.facts(["uploads"])).toMatchObject([{ exists: true, folder: "", empty: true }]);
  });

  it("name what is remembered of it, and another stack that remembers it (F83)", async () => {
    const server = volumeServer();
    server.memories.write("shop/staging", "old", data);
    server.memories.write("shop/other", "uploads", { ...data, service: "web" });
    server.memories.write("shop/other", "its-own", data);
    expect(await server.facts(["uploads"])).toMatchObject([
      { volume: "uploads", remembered: null, owner: "shop/other" },
      { volume: "old", exists: false, remembered: data, owner: "" },
    ]);
  });
});

describe("the data of a stack that is not deployed now (SEC-D7, F83)", () => {
  it.each(["/srv/other/data", "/srv/other", "/srv/other/data/sub", "/"])("is what lies at %s", async (folder) => {
    const server = volumeServer();
    server.memories.write("shop/other", "/srv/other/data", data);
    const owner = async (name: string, bound = {}) => (await server.facts([name], {}, bound))[0]?.owner;
    expect(await owner("fresh", { fresh: folder })).toBe("shop/other");
    server.volume("made", { Driver: "local", Options: { type: "none", o: "bind", device: folder } });
    expect(await owner("made")).toBe("shop/other");
  });

  it("is found where it was a volume that is a folder, and forgotten with all that lies there", async () => {
    const server = volumeServer();
    server.memories.write("shop/other", "other_data", data, "/srv/other/data");
    const owner = async () => (await server.facts(["fresh"], {}, { fresh: "/srv/other" }))[0]?.owner;
    expect(await owner()).toBe("shop/other");
    server.memories.forget("shop/other", "fresh", "/srv/other");
    expect(await owner()).toBe("");
  });

  it("leaves folders beside it free", async () => {
    const server = volumeServer();
    server.memories.write("shop/other", "/srv/other/data", data);
    expect(await server.facts(["fresh"], {}, { fresh: "/srv/other/data2" })).toMatchObject([{ owner: "" }]);
  });
});

describe("the Postgres cluster in a volume", () => {
  it.each([".", "18/docker"])("is known by its identifier and major version, in the folder %s (F45)", async (where) => {
    const server = volumeServer();
    writeCluster(join(server.volume("pgdata"), where), 7_412_345_678_901_234_567n);
    expect(await server.facts(["pgdata"], { pgdata: where })).toMatchObject([
      { cluster: "7412345678901234567", major: "17" },
    ]);
    expect(await server.facts(["pgdata"])).toMatchObject([{ cluster: "", major: "" }]);
  });

  it.each<[string, string]>([
    ["9.6\n", "9"],
    ["17", "17"],
    ["1234\n", ""],
    ["17\nAPI_KEY=1", ""],
    ["API_KEY=", ""],
    ["", ""],
  ])("tells nothing but a version: %j (SEC-B5)", async (text, major) => {
    const server = volumeServer();
    writeFileSync(join(server.volume("pgdata"), "PG_VERSION"), text);
    expect(await server.facts(["pgdata"], { pgdata: "." })).toMatchObject([{ cluster: "", major }]);
  });

  it("is read through no link, wherever in its path the container put one (SEC-B5)", async () => {
    const server = volumeServer();
    const outside = join(server.folder, "outside");
    writeCluster(outside, 7n);
    const path = server.volume("pgdata");
    symlinkSync(outside, join(path, "linked"));
    expect(await server.facts(["pgdata"], { pgdata: "linked" })).toMatchObject([{ cluster: "", major: "" }]);
    symlinkSync(join(outside, "PG_VERSION"), join(path, "PG_VERSION"));
    symlinkSync(join(outside, "global"), join(path, "global"));
    expect(await server.facts(["pgdata"], { pgdata: "." })).toMatchObject([{ cluster: "", major: "" }]);
    rmSync(join(path, "global"));
    mkdirSync(join(path, "global"));
    symlinkSync(join(outside, "global/pg_control"), join(path, "global/pg_control"));
    expect(await server.facts(["pgdata"], { pgdata: "." })).toMatchObject([{ cluster: "", major: "" }]);
  });

  it("is none where its file is not written yet", async () => {
    const server = volumeServer();
    writeCluster(server.volume("pgdata"), 0n);
    expect(await server.facts(["pgdata"], { pgdata: "." })).toMatchObject([{ cluster: "", major: "17" }]);
  });

  it("is none where a folder or a short file lies in the place of its files", async () => {
    const server = volumeServer();
    const path = server.volume("pgdata");
    mkdirSync(join(path, "PG_VERSION"));
    mkdirSync(join(path, "global"));
    writeFileSync(join(path, "global/pg_control"), "short");
    expect(await server.facts(["pgdata"], { pgdata: "." })).toMatchObject([{ cluster: "", major: "" }]);
  });
});

test("a data folder is reached without links from the outermost data folder around it", () => {
  const all = ["pgdata", "/srv/a/b", "/srv/a", "/srv/ab", "/srv/a/b/c"];
  expect(["/srv/a/b/c", "/srv/a", "/srv/abc"].map((path) => outermostFolder(path, all))).toEqual([
    ...["/srv/a", "/srv/a", "/srv/abc"],
  ]);
});
