import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { readNewMigrations } from "../../../config/migrations/new-migrations.ts";
import { mustRun } from "../../../toolchain/must-run.ts";

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "slipway-migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await mustRun(["git", "init", "--quiet", "--initial-branch", "main", folder]);
  write("db/1.sql", "SELECT 1");
  write("db/README.md", "text");
  await commit("first");
  await git("switch", "--quiet", "--create", "feature");
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

async function git(...words: string[]): Promise<void> {
  await mustRun(["git", "-C", folder, "-c", "user.name=Test", "-c", "user.email=test@example.com", ...words]);
}

async function commit(message: string): Promise<void> {
  await git("add", "--all");
  await git("commit", "--quiet", "--message", message);
}

function read(places: readonly string[], base: string | undefined = "main") {
  return readNewMigrations({ folder, places, base });
}

describe("of a folder (C4)", () => {
  it("the files are new that the branch added, committed or not, in the order of their numbers", async () => {
    write("db/10.sql", "SELECT 10");
    await commit("second");
    write("db/2.sql", "SELECT 2");
    write("db/notes.md", "text");
    const [set] = read(["db"]);
    expect(set?.files.map(({ file }) => file)).toEqual(["db/2.sql", "db/10.sql"]);
    expect(set).toMatchObject({ changed: [], deleted: [], back: [], programs: [] });
  });

  it("the files are not new that the main branch added meanwhile", async () => {
    write("db/2.sql", "SELECT 2");
    await commit("second");
    await git("switch", "--quiet", "main");
    write("db/3.sql", "SELECT 3");
    await commit("third");
    await git("switch", "--quiet", "feature");
    expect(read(["db"])[0]?.files).toEqual([{ file: "db/2.sql", text: "SELECT 2" }]);
    expect(read(["db"])[0]?.deleted).toEqual([]);
  });

  it("a link is refused, wherever it leads: a review does not show its SQL", () => {
    symlinkSync("/dev/zero", join(folder, "db/2.sql"));
    symlinkSync("/nowhere", join(folder, "db/3.sql"));
    rmSync(join(folder, "db/1.sql"));
    symlinkSync("README.md", join(folder, "db/1.sql"));
    const refused = ["db/2.sql", "db/3.sql", "db/1.sql"].map((file) => `${file}: is a link, or no regular file`);
    for (const line of refused) expect(() => read(["db"])).toThrow(line);
  });

  it("merged files are known that were changed, deleted or renamed", async () => {
    write("db/other/2.sql", "SELECT 2");
    await commit("second");
    await git("switch", "--quiet", "--create", "next");
    write("db/1.sql", "SELECT 11");
    await git("mv", "db/other/2.sql", "db/other/3.sql");
    const [set] = read(["db"], "feature");
    expect(set?.changed).toEqual([{ file: "db/1.sql", text: "SELECT 11" }]);
    expect(set?.deleted).toEqual(["db/other/2.sql"]);
    expect(set?.files).toEqual([{ file: "db/other/3.sql", text: "SELECT 2" }]);
  });

  it.each(["2.down.sql", "2/down.sql", "U2__back.sql", "2.undo.sql"])("%s leads back", (name) => {
    write(`db/${name}`, "DROP TABLE a");
    expect(read(["db"])[0]).toMatchObject({ files: [], back: [`db/${name}`] });
  });

  it.each(["2.up.sql", "2/up.sql", "V2__forth.sql", "2_shutdown.sql", "U2.sql"])("%s leads forth", (name) => {
    write(`db/${name}`, "SELECT 2");
    expect(read(["db"])[0]?.files).toEqual([{ file: `db/${name}`, text: "SELECT 2" }]);
  });

  it("a new migration that is a program is refused, unless what its tool prints is passed as well", () => {
    write("db/2_add.py", "revision = '2'");
    write("db/__init__.py", "");
    write("db/env.py", "");
    expect(() => read(["db"])).toThrow(
      "db/2_add.py: is a new migration that is not SQL; pass what its tool prints as SQL as a further file",
    );
    write("printed.sql", "SELECT 2");
    const [set, ...others] = read(["db", "printed.sql"]);
    expect(set?.programs).toEqual(["db/2_add.py"]);
    expect(set?.files).toEqual([{ file: "printed.sql", text: "SELECT 2" }]);
    expect(others).toEqual([]);
  });

  it("each is a set of its own, for a database of its own", () => {
    write("one/1.sql", "SELECT 1");
    write("two/1.sql", "SELECT 2");
    write("three.sql", "SELECT 3");
    expect(read(["one", "two", "three.sql"]).map(({ files }) => files.length)).toEqual([1, 1, 1]);
  });
});

describe("migrations are refused (C4)", () => {
  it("where a folder is named without a base", () => {
    expect(() => readNewMigrations({ folder, places: ["db"], base: undefined })).toThrow(
      "--base: has no value, and 'db' is a folder, of which only new files are checked; name the",
    );
  });

  it("where git does not know the base", () => {
    expect(() => read(["db"], "no-such")).toThrow("--base no-such: git says: fatal: Not a valid object name no-such;");
    expect(() => read(["db"], "--all")).toThrow("--base --all: git says: fatal: Not a valid object name --all;");
  });

  it("where the base has nothing in common with the branch", async () => {
    await git("switch", "--quiet", "--orphan", "alone");
    write("db/1.sql", "SELECT 1");
    await commit("first again");
    expect(() => read(["db"])).toThrow("--base main: has no commit in common with this branch; name a commit");
  });

  it("where there is no repository", () => {
    rmSync(join(folder, ".git"), { recursive: true });
    expect(() => read(["db"])).toThrow("--base main: git says: fatal: not a git repository");
  });

  it("where nothing is there, and where a file is empty or no text, all at once", () => {
    write("empty.sql", "\n");
    expect(() => read(["none.sql", "empty.sql"])).toThrow(
      "empty.sql: is empty; leave it out, or see what made it\nnone.sql: is not there; name a file or a folder",
    );
    writeFileSync(join(folder, "latin.sql"), Uint8Array.of(0x27, 0xe4, 0x27));
    expect(() => read(["latin.sql"])).toThrow("latin.sql: is not UTF-8 text");
  });
});
