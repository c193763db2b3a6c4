import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { Deployer, files } from "./deploy.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

let host: LocalHost;
let session: LocalRun;
let deployer: Deployer;
let app: string;

beforeEach(async () => {
  host = new LocalHost();
  app = join(host.folder, "app");
  mkdirSync(app);
  deployer = new Deployer(host, "files");
  session = await host.session(staging, "one");
});
afterEach(async () => {
  await session.end();
  host.remove();
});

const body = (contents: Record<string, string>, mode = "0644") => ({ directory: app, files: files(contents, mode) });

async function facts() {
  const found = await session.observe();
  return found
    .filter(({ fact }) => fact === "file")
    .map(({ path, written }) => `${String(path)} ${String(written)}`)
    .sort();
}

async function differences(): Promise<unknown> {
  const found = await session.observe();
  return found.find(({ fact }) => fact === "applied")?.["differences"];
}

describe("the verb files", { timeout: 60_000 }, () => {
  it("writes new and changed files, keeps the inode of equal ones, and removes files no longer named", async () => {
    expect(await deployer.apply(body({ "a.yml": "a\n", "sub/dir/b.yml": "b\n", "c.yml": "c\n" }))).toBe("applied");
    const { ino, mode } = statSync(join(app, "a.yml"));
    expect({ mode: mode & 0o777, folder: statSync(join(app, "sub")).mode & 0o777 }).toEqual({
      mode: 0o644,
      folder: 0o755,
    });
    expect(await deployer.apply(body({ "a.yml": "a\n", "c.yml": "other" }, "0600"))).toBe("applied");
    expect(statSync(join(app, "a.yml")).ino).toBe(ino);
    expect(statSync(join(app, "a.yml")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(app, "c.yml"), "utf8")).toBe("other");
    expect(existsSync(join(app, "sub"))).toBe(false);
    expect(await facts()).toEqual(["a.yml 1.a", "c.yml 2.a"]);
    expect(await deployer.apply(body({ "a.yml": "a\n", "c.yml": "other" }, "0600"), true)).toBe("unchanged");
  });

  it("names changes by hand, and repairs them", async () => {
    const wanted = body({ "a.yml": "a\n", "b.yml": "b\n", "c.yml": "c\n", "d.yml": "d\n" });
    await deployer.apply(wanted);
    writeFileSync(join(app, "a.yml"), "changed");
    rmSync(join(app, "b.yml"));
    chmodSync(join(app, "c.yml"), 0o777);
    rmSync(join(app, "d.yml"));
    symlinkSync(join(host.folder, "elsewhere"), join(app, "d.yml"));
    expect(await differences()).toEqual([
      { where: "a.yml", expected: "as it was written", found: "changed by hand" },
      { where: "b.yml", expected: "file", found: "missing" },
      { where: "c.yml mode", expected: "0644", found: "0777" },
      { where: "d.yml", expected: "file", found: "symbolic link" },
    ]);
    rmSync(join(app, "d.yml"));
    expect(await deployer.apply(wanted)).toBe("applied");
    expect(await differences()).toEqual([]);
  });

  it("rejects a file that is not its own, before it writes any", async () => {
    writeFileSync(join(app, "b.yml"), "theirs");
    expect(await deployer.apply(body({ "a.yml": "a\n", "b.yml": "b\n" }))).toContain(
      `files: '${app}/b.yml' is there already and slipway did not write it (document 1.a); move it away, ` +
        `or give it the same content\n`,
    );
    expect(readFileSync(join(app, "b.yml"), "utf8")).toBe("theirs");
    expect(existsSync(join(app, "a.yml"))).toBe(false);
    writeFileSync(join(app, "b.yml"), "b\n");
    expect(await deployer.apply(body({ "a.yml": "a\n", "b.yml": "b\n" }))).toBe("applied");
  });

  it("rejects a folder or a link in the place of a file, and a path that leads out (F21)", async () => {
    mkdirSync(join(app, "a.yml"));
    expect(await deployer.apply(body({ "a.yml": "a\n" }))).toContain(`files: '${app}/a.yml' is no file (document 1.a)`);
    const elsewhere = join(host.folder, "elsewhere");
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(app, "link"));
    expect(await deployer.apply(body({ "link/x.yml": "x" }))).toContain("leads out of the stack's directory, to '");
    expect(await deployer.apply(body({ "../x.yml": "x" }))).toContain("'../x.yml' does not lie below");
    expect(existsSync(join(elsewhere, "x.yml"))).toBe(false);
  });

  it("deletes only its own files and folders", async () => {
    mkdirSync(join(app, "theirs"));
    const wanted = body({ "theirs/a.yml": "a\n", "ours/b.yml": "b\n", "mixed/c.yml": "c\n" });
    await deployer.apply(wanted);
    writeFileSync(join(app, "mixed", "kept"), "");
    await session.end();
    expect(await deployer.delete(wanted)).toBe("deleted");
    expect(existsSync(join(app, "ours"))).toBe(false);
    expect(existsSync(join(app, "theirs", "a.yml"))).toBe(false);
    expect(existsSync(join(app, "theirs"))).toBe(true);
    expect(existsSync(join(app, "mixed", "kept"))).toBe(true);
  });

  it("removes half-written files of a killed run (F1)", async () => {
    const left = join(app, ".slipway.tmp.4194305.abcdef");
    writeFileSync(left, "half");
    await deployer.apply(body({ "a.yml": "a\n" }));
    expect(existsSync(left)).toBe(false);
  });
});
