import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository } from "../../config/repository.ts";
import { TrialRepository } from "./trial-repository.ts";

describe("a repository", () => {
  let trial: TrialRepository;
  beforeEach(() => {
    trial = new TrialRepository();
  });
  afterEach(() => trial.remove());

  it("lists the files that git tracks, with their content in the work tree", () => {
    trial.write("conf/a.yml", "old");
    trial.write("conf/run.sh", "#!", 0o755);
    trial.write("conf/naïve name.yml", "x");
    trial.track("conf");
    trial.write("conf/a.yml", "new");
    trial.write("conf/local.yml", "not tracked");
    trial.write("confusing.yml", "x");
    trial.track("confusing.yml");
    const entry = openRepository(trial.folder).entry("conf");
    const files = entry.kind === "folder" ? entry.tracked : [];
    expect(files.map(({ path, kind, executable, size }) => [path, kind, executable, size])).toEqual([
      ["conf/a.yml", "file", false, 3],
      ["conf/naïve name.yml", "file", false, 1],
      ["conf/run.sh", "file", true, 2],
    ]);
    expect(files[0]?.content().toString()).toBe("new");
  });

  it("tells if one file is tracked, untracked or absent", () => {
    const repository = openRepository(trial.folder);
    trial.write("a.yml", "a");
    trial.write("b.yml", "b");
    trial.track("a.yml");
    expect(repository.entry("a.yml")).toMatchObject({ kind: "file", tracked: { path: "a.yml", size: 1 } });
    expect(repository.entry("b.yml")).toEqual({ kind: "file", tracked: undefined });
    expect(repository.entry("c.yml")).toEqual({ kind: "absent" });
    expect(repository.text("b.yml")).toBe("b");
    expect(repository.text("c.yml")).toBeUndefined();
  });

  it("marks links, and files that the work tree lacks", () => {
    trial.write("conf/gone.yml", "x");
    symlinkSync("/etc/passwd", join(trial.folder, "conf", "link"));
    trial.track("conf");
    rmSync(join(trial.folder, "conf", "gone.yml"));
    const entry = openRepository(trial.folder).entry("conf");
    expect(entry).toMatchObject({
      tracked: [
        { path: "conf/gone.yml", kind: "file", size: undefined },
        { path: "conf/link", kind: "link" },
      ],
    });
  });

  it("lists files from one of its folders, but files that may hold secrets from its top (F106)", () => {
    trial.write("deploy/conf/a.yml", "x");
    trial.write("other/.env", "A=1");
    trial.write("other/note.txt", `${["AGE", "SECRET", "KEY"].join("-")}-1${"Q".repeat(58)}`);
    trial.write("other/untracked.env", "A=1");
    trial.track("compose.yaml", "deploy", "other/.env", "other/note.txt");
    const repository = openRepository(join(trial.folder, "deploy"));
    expect(repository.entry("conf")).toMatchObject({ tracked: [{ path: "conf/a.yml" }] });
    expect(repository.suspects().map(({ path, text }) => [path, text()?.length])).toEqual([
      ["other/.env", 3],
      ["other/note.txt", 74],
    ]);
  });

  it("tells env files of services among these, whatever they are called, and files beside the folder", () => {
    trial.write("conf/[a].conf", "A=1");
    trial.write("deploy/x.txt", "A=1");
    trial.write("beside.txt", "A=1");
    trial.track("compose.yaml", "conf", "deploy", "beside.txt");
    const repository = openRepository(join(trial.folder, "deploy"));
    const used = repository.suspects(["../conf/[a].conf", "x.txt", "none.txt"]);
    expect(used.map(({ path, isUsed }) => [path, isUsed])).toEqual([
      ["conf/[a].conf", true],
      ["deploy/x.txt", true],
    ]);
    expect(repository.entry("../beside.txt")).toMatchObject({ kind: "file", tracked: { path: "../beside.txt" } });
    trial.git("rm", "--cached", "beside.txt");
    const after = openRepository(join(trial.folder, "deploy"));
    expect(after.entry("../beside.txt")).toEqual({ kind: "file", tracked: undefined });
    expect(after.entry("../none.txt")).toEqual({ kind: "absent" });
  });

  it("tracks nothing without git", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-plain-"));
    writeFileSync(join(folder, "a.yml"), "a");
    expect(openRepository(folder).entry("a.yml")).toEqual({ kind: "file", tracked: undefined });
    expect(openRepository(folder).suspects()).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it("rejects a repository that git cannot read, with git's own message (A10)", () => {
    writeFileSync(join(trial.folder, ".git", "config"), "[core\n");
    expect(() => openRepository(trial.folder).suspects()).toThrow(
      `${trial.folder}: git cannot list the tracked files: fatal: bad config line 1 in file .git/config`,
    );
  });
});
