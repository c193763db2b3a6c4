import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Body } from "../../../model/document/bodies.ts";
import { files } from "../../../host/verbs/files.ts";
import { testServer } from "./server.ts";

function bodyOf(directory: string, contents: Readonly<Record<string, string>>): Body<"files"> {
  const entries = Object.entries(contents).map(
    ([path, text]) => [path, { mode: "0644", content: new TextEncoder().encode(text) }] as const,
  );
  return { directory, files: Object.fromEntries(entries) };
}

function server() {
  const made = testServer();
  const directory = join(made.folder, "shop");
  mkdirSync(directory);
  return { ...made, directory, at: (path: string) => join(directory, path) };
}

describe("the files of a stack", () => {
  it("are written once, and a file that is right keeps its inode", async () => {
    const { directory, at, said, work } = server();
    const body = bodyOf(directory, { "nginx/nginx.conf": "events {}", motd: "hello" });
    await files.apply(body, work("files"));
    expect(readFileSync(at("nginx/nginx.conf"), "utf8")).toBe("events {}");
    expect(said).toEqual(["files: writes nginx/nginx.conf", "files: writes motd"]);
    const { ino } = statSync(at("motd"));
    await files.apply(bodyOf(directory, { "nginx/nginx.conf": "events { }", motd: "hello" }), work("files"));
    expect(statSync(at("motd")).ino).toBe(ino);
    expect(await files.differences(body, work("files"))).toEqual([]);
  });

  it("that are no longer named go, with their folder, and nothing else does", async () => {
    const { directory, at, work } = server();
    await files.apply(bodyOf(directory, { "conf/a": "1", "conf/b": "2" }), work("files"));
    writeFileSync(at("conf/mine"), "not slipway's");
    await files.apply(bodyOf(directory, { "conf/a": "1" }), work("files"));
    expect([existsSync(at("conf/a")), existsSync(at("conf/b"))]).toEqual([true, false]);
    await files.remove(bodyOf(directory, {}), work("files"));
    expect([existsSync(at("conf/a")), existsSync(at("conf/mine"))]).toEqual([false, true]);
  });

  it("that were changed by hand are told, and mended by the next run", async () => {
    const { directory, at, work } = server();
    const body = bodyOf(directory, { a: "1", b: "2", c: "3" });
    await files.apply(body, work("files"));
    writeFileSync(at("a"), "changed");
    chmodSync(at("b"), 0o600);
    rmSync(at("c"));
    expect(await files.differences(body, work("files"))).toEqual([
      { where: "a", expected: "as it was written", found: "changed by hand" },
      { where: "b mode", expected: "0644", found: "0600" },
      { where: "c", expected: "file", found: "missing" },
    ]);
    await files.apply(body, work("files"));
    expect(await files.differences(body, work("files"))).toEqual([]);
  });

  it("of somebody else are not overwritten, and one with the same bytes is taken", async () => {
    const { directory, at, work } = server();
    writeFileSync(at("same"), "1");
    writeFileSync(at("other"), "mine");
    await files.apply(bodyOf(directory, { same: "1" }), work("files"));
    const body = bodyOf(directory, { other: "2" });
    await expect(async () => files.apply(body, work("files"))).rejects.toThrow("slipway did not write it");
    expect(readFileSync(at("other"), "utf8")).toBe("mine");
  });

  it("are never written or read through a link that a container left (SEC-A2, F21)", async () => {
    const { folder, directory, at, work } = server();
    const outside = join(folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "conf"), "root's");
    symlinkSync(outside, at("linked"));
    const body = bodyOf(directory, { "linked/conf": "evil" });
    await expect(async () => files.apply(body, work("files"))).rejects.toThrow();
    expect(readFileSync(join(outside, "conf"), "utf8")).toBe("root's");
  });

  it("are not drafted in a folder that a container made (SEC-A2)", async () => {
    const { directory, at, work } = server();
    mkdirSync(at(".slipway"), { mode: 0o777 });
    chmodSync(at(".slipway"), 0o777);
    const body = bodyOf(directory, { a: "1" });
    await expect(async () => files.apply(body, work("files"))).rejects.toThrow("is not root's alone");
    expect(existsSync(at("a"))).toBe(false);
  });

  it("do not leave the directory by their names (F21)", async () => {
    const { directory, work } = server();
    for (const path of ["../out", "a//b", "/etc/passwd", "a/./b", ""]) {
      const body = bodyOf(directory, { [path]: "x" });
      await expect(async () => files.apply(body, work("files"))).rejects.toThrow("name a path below it");
    }
  });
});
