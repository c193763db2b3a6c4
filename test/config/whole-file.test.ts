import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFiles, replaceFile, requireReplaceable } from "../../config/whole-file.ts";
import { runChild, type Ended } from "../../process/child.ts";
import { checkout } from "../../toolchain/paths.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-whole-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

const inItsPlace = "put the file itself in its place";
const another = "remove it, or name another file";

/** Calls one of the functions where no file may have more than a kilobyte, as on a full disk. */
async function runWithoutRoom(call: string): Promise<Ended> {
  const script = `import * as whole from "${checkout}/config/whole-file.ts";
    try { whole.${call}; } catch (error) { console.log(error.message); }`;
  const words = ["sh", "-c", 'ulimit -f 2; exec "$@"', "sh", process.execPath, "--input-type=module", "-e", script];
  return await runChild(words, { env: { PATH: process.env["PATH"] } });
}

describe("a file that is replaced", () => {
  it("keeps its permissions, whatever the umask is, and leaves nothing beside it", () => {
    writeFileSync(at("lock"), "old");
    chmodSync(at("lock"), 0o666);
    replaceFile(at("lock"), "new");
    expect(readFileSync(at("lock"), "utf8")).toBe("new");
    expect(statSync(at("lock")).mode & 0o777).toBe(0o666);
    expect(readdirSync(folder)).toEqual(["lock"]);
  });

  it("gets the permissions that are asked for", () => {
    writeFileSync(at("plan"), "old", { mode: 0o644 });
    replaceFile(at("plan"), "new", { mode: 0o600 });
    expect(statSync(at("plan")).mode & 0o777).toBe(0o600);
  });

  it("stays as it was where the disk has no room", async () => {
    writeFileSync(at("lock"), "old");
    const { stdout } = await runWithoutRoom(`replaceFile("${at("lock")}", "x".repeat(100_000), { place: "lock" })`);
    expect(stdout).toBe(
      `lock: is larger than a file may be here (EFBIG), got '${at("lock")}'; raise that limit; nothing was changed\n`,
    );
    expect(readFileSync(at("lock"), "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["lock"]);
  });

  it.each([
    ["a link", "is a link", inItsPlace, (file: string) => symlinkSync(at("other"), file)],
    ["a folder", "is a folder", another, (file: string) => mkdirSync(file)],
    ["a pipe", "is not a regular file", another, (file: string) => execFileSync("mkfifo", [file])],
  ])("rejects %s in its place", (_, what, todo, make) => {
    writeFileSync(at("other"), "kept");
    make(at("lock"));
    const said = `slipway.lock: ${what}, got '${at("lock")}'; ${todo}`;
    expect(() => replaceFile(at("lock"), "new", { place: "slipway.lock" })).toThrow(said);
    expect(() => requireReplaceable(at("lock"), "slipway.lock")).toThrow(said);
    expect(readFileSync(at("other"), "utf8")).toBe("kept");
    expect(lstatSync(at("lock")).isFile()).toBe(false);
  });

  it("rejects a path below something that is not a folder, before anything else is done", () => {
    writeFileSync(at("file"), "");
    expect(() => requireReplaceable(at("none/plan"), "--save")).toThrow(
      `--save: is in a folder that does not exist (ENOENT), got '${at("none/plan")}'; create the folder, or correct`,
    );
    expect(() => requireReplaceable(at("file/plan"), "--save")).toThrow(
      "--save: is below something that is not a folder",
    );
  });
});

describe("files that are created", () => {
  it("get the folders that they need, which those may use who may read the file", () => {
    createFiles([{ file: at("keys/shop/key"), text: "secret", mode: 0o600 }]);
    expect(readFileSync(at("keys/shop/key"), "utf8")).toBe("secret");
    expect(statSync(at("keys/shop/key")).mode & 0o777).toBe(0o600);
    expect(statSync(at("keys")).mode & 0o777).toBe(0o700);
  });

  it("are all there, or none of them and no folder", async () => {
    const files = `[{ file: "${at("a")}", text: "a" }, { file: "${at("b/c/d")}", text: "x".repeat(100_000) }]`;
    const { stdout } = await runWithoutRoom(`createFiles(${files})`);
    expect(stdout).toContain(`${at("b/c/d")}: is larger than a file may be here (EFBIG); `);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ["a file", "already exists", another, (file: string) => writeFileSync(file, "kept")],
    ["a link that leads nowhere", "is a link", inItsPlace, (file: string) => symlinkSync("nowhere", file)],
  ])("rejects %s in the place of one, and leaves it", (_, what, todo, make) => {
    make(at("b"));
    expect(() =>
      createFiles([
        { file: at("a"), text: "a" },
        { file: at("b"), text: "b", place: "stack" },
      ]),
    ).toThrow(`stack: ${what}, got '${at("b")}'; ${todo}`);
    expect(readdirSync(folder)).toEqual(["b"]);
    expect(existsSync(at("nowhere"))).toBe(false);
  });
});
