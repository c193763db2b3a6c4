import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
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

  it("are written again where a container put a file without end in their place", async () => {
    const { directory, at, work } = server();
    const body = bodyOf(directory, { "conf/a": "1" });
    await files.apply(body, work("files"));
    truncateSync(at("conf/a"), 2 ** 40);
    expect(await files.differences(body, work("files"))).toEqual([
      { where: "conf/a", expected: "as it was written", found: "changed by hand" },
    ]);
    await files.apply(body, work("files"));
    expect(readFileSync(at("conf/a"), "utf8")).toBe("1");
  });

  it.each(["constructor", "toString"])("called %s are files like others", (name) => {
    const { directory, at, work } = server();
    const body = bodyOf(directory, { [name]: "ours" });
    writeFileSync(at(name), "somebody's");
    expect(() => files.apply(body, work("files"))).toThrow("slipway did not write it");
    expect(readFileSync(at(name), "utf8")).toBe("somebody's");
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

  it("rejects a file of somebody else, and takes one with the same bytes", async () => {
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
    await expect(async () => files.apply(body, work("files"))).rejects.toThrow(
      `cannot write 'linked/conf' in '${directory}' (document 4.2): '${at("linked")}' is a link or no folder; `,
    );
    expect(readFileSync(join(outside, "conf"), "utf8")).toBe("root's");
  });

  it("whose folder a container replaced by a link are told, and left alone when they go (SEC-A3, F135)", async () => {
    const { folder, directory, at, said, work } = server();
    const outside = join(folder, "outside");
    mkdirSync(join(outside, "deep"), { recursive: true });
    for (const name of ["a", "deep/b"]) writeFileSync(join(outside, name), "root's");
    const body = bodyOf(directory, { "conf/a": "1", "conf/deep/b": "2", c: "3" });
    await files.apply(body, work("files"));
    rmSync(at("conf"), { recursive: true });
    symlinkSync(outside, at("conf"));
    const found = `'${at("conf")}' is a link or no folder`;
    expect(await files.differences(body, work("files"))).toEqual([
      { where: "conf/a", expected: "file", found },
      { where: "conf/deep/b", expected: "file", found },
    ]);
    said.length = 0;
    await files.apply(bodyOf(directory, { c: "3" }), work("files")); // no longer named
    expect(said).toEqual(
      ["conf/a", "conf/deep/b"].map((path) => `files: keeps '${path}', which slipway did not write: ${found}`),
    );
    await files.remove(bodyOf(directory, {}), work("files"));
    expect(existsSync(at("c"))).toBe(false);
    for (const name of ["a", "deep/b"]) expect(readFileSync(join(outside, name), "utf8")).toBe("root's");
  });

  it("that a container replaced by a folder or a link go without what those hold (SEC-A3, F135)", async () => {
    const { folder, directory, at, said, work } = server();
    writeFileSync(join(folder, "outside"), "root's");
    await files.apply(bodyOf(directory, { a: "1", b: "2" }), work("files"));
    for (const name of ["a", "b"]) rmSync(at(name));
    mkdirSync(at("a"));
    symlinkSync(join(folder, "outside"), at("b"));
    said.length = 0;
    await files.remove(bodyOf(directory, {}), work("files"));
    expect([existsSync(at("a")), existsSync(at("b"))]).toEqual([true, false]);
    expect(said).toEqual([expect.stringContaining("keeps 'a', which slipway did not write: ")]);
    expect(readFileSync(join(folder, "outside"), "utf8")).toBe("root's");
  });

  const names = [
    "x$(touch pwned).yml",
    "`touch pwned`",
    "it's",
    '"quoted"',
    "[env].json",
    "]",
    "$HOME",
    "two\nlines",
    "-rf",
    "--help",
    " ",
    "*",
    "back\\slash",
    "\u202Eright to left",
  ];

  it.each(names)("with the name %j are delivered, changed and removed as any others (SEC-A4, F134)", async (name) => {
    const { directory, at, work } = server();
    const path = `conf/${name}`;
    await files.apply(bodyOf(directory, { [path]: "one", "conf/other": "1" }), work("files"));
    expect(readFileSync(at(path), "utf8")).toBe("one");
    await files.apply(bodyOf(directory, { [path]: "two", "conf/other": "1" }), work("files"));
    expect(readFileSync(at(path), "utf8")).toBe("two");
    expect(await files.differences(bodyOf(directory, { [path]: "two" }), work("files"))).toEqual([]);
    await files.apply(bodyOf(directory, { "conf/other": "1" }), work("files"));
    expect(readdirSync(at("conf"))).toEqual(["other"]);
    await files.remove(bodyOf(directory, {}), work("files"));
    expect(existsSync(at("conf"))).toBe(false);
    expect([existsSync("pwned"), existsSync(at("pwned"))]).toEqual([false, false]);
  });

  it("rejects a folder for drafts that a container made (SEC-A2)", async () => {
    const { directory, at, work } = server();
    mkdirSync(at(".slipway"), { mode: 0o777 });
    chmodSync(at(".slipway"), 0o777);
    const body = bodyOf(directory, { a: "1" });
    await expect(async () => files.apply(body, work("files"))).rejects.toThrow("is not root's alone");
    expect(existsSync(at("a"))).toBe(false);
  });

  it("have the mode of their document, whatever the umask of the process is (F18)", async () => {
    const { directory, at, work } = server();
    for (const mask of [0o000, 0o077, 0o777]) {
      const before = process.umask(mask);
      onTestFinished(() => void process.umask(before));
      await files.apply(bodyOf(directory, { [`conf-${mask}/a`]: "1" }), work("files"));
      expect(statSync(at(`conf-${mask}/a`)).mode & 0o777).toBe(0o644);
      expect(statSync(at(`conf-${mask}`)).mode & 0o777).toBe(0o755);
    }
  });

  it("rejects names that lead out of the directory (F21)", async () => {
    const { directory, work } = server();
    for (const path of ["../out", "a//b", "/etc/passwd", "a/./b", ""]) {
      const body = bodyOf(directory, { [path]: "x" });
      await expect(async () => files.apply(body, work("files"))).rejects.toThrow("name a path below it");
    }
  });
});
