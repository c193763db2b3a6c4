import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { Folder, type Access } from "../../../host/files/folder.ts";

const access: Access = { mode: 0o640, uid: 0, gid: 0 };
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
let place: string;
let folder: Folder;
let workshop: Folder;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "slipway-folder-"));
  for (const name of ["stack", "workshop", "foreign"]) mkdirSync(join(place, name));
  writeFileSync(join(place, "foreign", "passwd"), "root\n", { mode: 0o600 });
  folder = Folder.open(join(place, "stack"));
  workshop = Folder.open(join(place, "workshop"));
});

afterEach(() => {
  folder[Symbol.dispose]();
  workshop[Symbol.dispose]();
  rmSync(place, { recursive: true });
});

/** Puts a link to a folder of others in the place of a name, as a container may at any moment. */
function link(name: string, target = "foreign"): void {
  symlinkSync(join(place, target), join(place, "stack", name));
}

describe("a file in a folder that is held open", () => {
  it("has the bytes, the owner and the mode that it was written with", () => {
    folder.write("a.conf", text("one"), access, workshop);
    folder.write("a.conf", text("two"), { ...access, uid: 4711, gid: 4712 }, workshop);
    expect(folder.read("a.conf")?.toString()).toBe("two");
    expect(statSync(join(place, "stack", "a.conf"))).toMatchObject({ uid: 4711, gid: 4712, mode: 0o100640 });
    expect(workshop.names()).toEqual([]);
  });

  test.each(["a b", "-rf", "$(id)", "it's", "[env].json", "ä\n", "文".repeat(85)])("may be called %j", (name) => {
    folder.write(name, text("x"), access, workshop);
    expect(folder.names()).toEqual([name]);
    folder.remove(name);
    expect(folder.names()).toEqual([]);
  });

  test.each(["", ".", "..", "a/b", "a\0"])("rejects the name %j", (name) => {
    expect(() => folder.stat(name)).toThrow("not the name of a file");
  });

  it("is as it was if the new bytes cannot be written", () => {
    folder.write("a.conf", text("one"), access, workshop);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k", "none", join(place, "workshop")]);
    const small = Folder.open(join(place, "workshop"));
    expect(() => folder.write("a.conf", text("x".repeat(100_000)), access, small)).toThrow("ENOSPC");
    expect(small.names()).toEqual([]);
    small[Symbol.dispose]();
    execFileSync("umount", [join(place, "workshop")]);
    expect(folder.read("a.conf")?.toString()).toBe("one");
  });
});

describe("a link in the place of a file or folder (SEC-A2, SEC-A3)", () => {
  it("is replaced by what is written, and leads nowhere", () => {
    link("passwd", "foreign/passwd");
    folder.write("passwd", text("mine"), access, workshop);
    expect(readFileSync(join(place, "foreign", "passwd"), "utf8")).toBe("root\n");
    expect(statSync(join(place, "foreign", "passwd")).mode & 0o777).toBe(0o600);
    expect(folder.read("passwd")?.toString()).toBe("mine");
  });

  it("cannot be read, get another owner, or be entered", () => {
    link("passwd", "foreign/passwd");
    link("conf");
    expect(() => folder.read("passwd")).toThrow("is not a file");
    expect(() => folder.setFileAccess("passwd", access)).toThrow("is not a file");
    expect(() => folder.folder("conf")).toThrow("is a link or no folder");
    expect(() => folder.make("conf", access)).toThrow("is a link or no folder");
  });

  it("is removed itself, and not what it leads to", () => {
    link("passwd", "foreign/passwd");
    link("conf");
    folder.remove("passwd");
    expect(folder.removeFolder("conf")).toBe(false);
    expect(readlinkSync(join(place, "stack", "conf"))).toBe(join(place, "foreign"));
    expect(readFileSync(join(place, "foreign", "passwd"), "utf8")).toBe("root\n");
  });

  it("does not move a folder that is open already, though its name leads elsewhere now", () => {
    const conf = folder.make("conf", { ...access, mode: 0o755 });
    renameSync(join(place, "stack", "conf"), join(place, "stack", "away"));
    link("conf");
    conf.write("passwd", text("mine"), access, workshop);
    conf.remove("passwd");
    conf[Symbol.dispose]();
    expect(readFileSync(join(place, "foreign", "passwd"), "utf8")).toBe("root\n");
  });

  it("wins none of 200 races against a write, a change of owner and a removal", () => {
    const swapper = `
      i=0; while [ $i -lt 4000 ]; do
        rm -rf conf; mkdir conf; rm -rf conf; ln -s ../foreign conf; rm -f conf; i=$((i+1))
      done`;
    execFileSync("sh", ["-c", `cd ${join(place, "stack")} && (${swapper}) & echo`], { stdio: "ignore" });
    let entered = 0;
    for (let tries = 0; tries < 200; tries += 1) {
      try {
        using conf = folder.make("conf", { ...access, mode: 0o755 });
        entered += 1;
        conf.write("passwd", text("mine"), access, workshop);
        conf.setFileAccess("passwd", { ...access, mode: 0o644 });
        conf.remove("passwd");
      } catch {
        // The folder went away, or was a link just then.
      }
    }
    expect(readFileSync(join(place, "foreign", "passwd"), "utf8")).toBe("root\n");
    expect(statSync(join(place, "foreign", "passwd")).mode & 0o777).toBe(0o600);
    expect(entered).toBeGreaterThan(0);
  });
});

describe("a pipe in the place of a file", () => {
  it("cannot be read, and does not block the program", () => {
    execFileSync("mkfifo", [join(place, "stack", "pipe")]);
    expect(() => folder.read("pipe")).toThrow("is not a file");
  });
});

describe("what a container made in the place of a file", () => {
  it("is not opened if it is a device: a driver may act on that, as a watchdog restarts the server", () => {
    // 10:130 is the watchdog; where there is none, its driver would be missed (ENODEV).
    execFileSync("mknod", [join(place, "stack", "PG_VERSION"), "c", "10", "130"]);
    expect(() => folder.readStart("PG_VERSION", 8)).toThrow("is not a file");
    expect(() => folder.read("PG_VERSION")).toThrow("is not a file");
    expect(() => folder.setFileAccess("PG_VERSION", access)).toThrow("is not a file");
  });

  it("cannot be read if it has more bytes than any file of slipway", () => {
    writeFileSync(join(place, "stack", "app.conf"), "");
    truncateSync(join(place, "stack", "app.conf"), 2 ** 40);
    expect(() => folder.read("app.conf")).toThrow("has 1099511627776 bytes");
    expect(folder.readStart("app.conf", 4)?.length).toBe(4);
  });
});
