import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { mountsOf, staleMounts } from "../../../host/project/mounts.ts";
import { appContainer } from "./containers.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-mounts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "stack"));
  mkdirSync(join(folder, "root"));
  file("stack/config");
});

function file(name: string): string {
  writeFileSync(join(folder, name), name);
  return join(folder, name);
}

/** This process stands for one in a container: its root is the machine's, so a target is any path. */
function stale(target: string, source = join(folder, "stack", "config")): string[] {
  const container = appContainer(({ Mounts: mounts }) => {
    mounts.push({ Type: "bind", Source: source, Destination: target, RW: false });
  });
  return staleMounts([container], join(folder, "stack")).map((mount) => mount.target);
}

describe("a mounted file", () => {
  it("is fresh while it is the same file, and stale once another one replaced it", () => {
    const config = join(folder, "stack", "config");
    expect(stale(config)).toEqual([]);
    const other = file("root/config");
    expect(stale(other)).toEqual([other]);
    renameSync(other, config);
    expect(stale(config)).toEqual([]);
  });

  it("counts as fresh behind a link in the container, which would lead to a file of the server", () => {
    file("root/real");
    symlinkSync("real", join(folder, "root", "link"));
    symlinkSync(".", join(folder, "root", "folder"));
    expect(stale(join(folder, "root", "real"))).toHaveLength(1);
    expect(stale(join(folder, "root", "link"))).toEqual([]);
    expect(stale(join(folder, "root", "folder", "real"))).toEqual([]);
  });

  it("counts as fresh if there is nothing to compare, or the path is odd", () => {
    expect(stale(join(folder, "gone"))).toEqual([]);
    expect(stale(join(folder, "root"), join(folder, "stack", "gone"))).toEqual([]);
    symlinkSync("config", join(folder, "stack", "link"));
    expect(stale(file("root/config"), join(folder, "stack", "link"))).toEqual([]);
    for (const odd of ["/", "", "//", "/a/../b", "/a\n/b"]) expect(stale(odd)).toEqual([]);
  });

  it("of another folder is none of the stack's", () => {
    mkdirSync(join(folder, "stack-2"));
    expect(stale(file("root/config"), file("stack-2/config"))).toEqual([]);
  });

  it("is found by its path before it is replaced", () => {
    const path = join(folder, "stack", "config");
    const container = appContainer(({ Mounts: mounts }) => {
      mounts.push({ Type: "bind", Source: path, Destination: "/etc/config", RW: false });
      mounts.push({ Type: "volume", Name: path, Source: path, Destination: "/data", RW: true });
    });
    expect(mountsOf([container], new Set([path])).map(({ target }) => target)).toEqual(["/etc/config"]);
    expect(mountsOf([container], new Set(["/other"]))).toEqual([]);
  });
});
