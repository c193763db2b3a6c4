import { readFileSync, statSync, type Stats } from "node:fs";
import { join, posix } from "node:path";
import { runChildSync } from "../process/child.ts";
import { childEnvironment } from "../process/environment.ts";
import { configurationError, UserError } from "../model/problem.ts";
import type { ComposeFolder, FolderEntry, TrackedFile } from "../model/compose/folder.ts";
import { unreadable } from "./whole-file.ts";
import { keyBeginnings, type SuspectFile } from "../secrets/source/plain-secrets.ts";

/** A folder of the team's repository, from the disk and from git. */
interface Repository extends ComposeFolder {
  /**
   * Tracked files of the whole repository that may contain secrets, judging by name or content; paths are relative to
   * its top. `used` are the env files of services, from this folder, whatever they are called.
   */
  suspects(used?: readonly string[]): readonly SuspectFile[];
}

interface IndexEntry {
  readonly mode: string;
  readonly path: string;
}

const links = "120000";
const submodules = "160000";

/** Opens a folder. Git is asked once, and only when the answer is needed. */
export function openRepository(folder: string): Repository {
  let index: readonly IndexEntry[] | undefined;
  const entries = (): readonly IndexEntry[] => (index ??= readIndex(folder));
  return {
    text: (path) => readText(join(folder, path), path),
    entry: (path) => readEntry(folder, path, entries),
    suspects: (used = []) => listSuspects(folder, used),
  };
}

function readText(file: string, path: string): string | undefined {
  if (kindAt(file) !== "file") return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError({ path, ...unreadable(error) });
  }
}

function kindAt(path: string): "file" | "folder" | "absent" {
  const found = statOf(path);
  if (found === undefined) return "absent";
  return found.isDirectory() ? "folder" : "file";
}

/** What is at a path, through links; a link that leads to none, or to itself, is none. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readEntry(folder: string, path: string, entries: () => readonly IndexEntry[]): FolderEntry {
  const kind = kindAt(join(folder, path));
  if (kind === "absent") return { kind };
  const outside = path === ".." || path.startsWith("../");
  const all = outside ? indexAbove(folder, path) : entries();
  const tracked = all.filter((entry) => entry.path === path || path === "." || entry.path.startsWith(`${path}/`));
  const files = tracked.map((entry) => trackedFile(folder, entry));
  return kind === "file" ? { kind, tracked: files[0] } : { kind, tracked: files };
}

function trackedFile(folder: string, { mode, path }: IndexEntry): TrackedFile {
  const kind = mode === links ? "link" : mode === submodules ? "submodule" : "file";
  const file = join(folder, path);
  const found = statOf(file);
  return { path, kind, executable: mode === "100755", size: found?.size, content: () => readFileSync(file) };
}

/** What git tracks at a path beside or above the folder. */
function indexAbove(folder: string, path: string): IndexEntry[] {
  return readIndex(posix.join(folder, posix.dirname(path)))
    .map((entry) => ({ ...entry, path: posix.join(posix.dirname(path), entry.path) }))
    .filter((entry) => entry.path === path);
}

/** The tracked files below the folder; none where there is no repository. */
function readIndex(folder: string): IndexEntry[] {
  return gitLines(folder, ["ls-files", "--stage", "-z"]).flatMap((line) => {
    const [, mode, path] = /^(\d+) [0-9a-f]+ \d\t(.*)$/s.exec(line) ?? [];
    return mode === undefined || path === undefined ? [] : [{ mode, path: posix.normalize(path) }];
  });
}

/** Lets git search for the beginnings of keys, since a repository may be large. */
function listSuspects(folder: string, used: readonly string[]): SuspectFile[] {
  const keys = gitLines(folder, ["grep", "-lzI", "-E", "--full-name", "-e", keyBeginnings, "--", ":/"]);
  const named = gitLines(folder, ["ls-files", "-z", "--full-name", "--", ":/*.env", ":/*.env.*"]);
  const words = ["--literal-pathspecs", "ls-files", "-z", "--full-name", "--", ...used];
  const ofServices = used.length === 0 ? [] : gitLines(folder, words);
  const paths = [...new Set([...named, ...ofServices, ...keys])];
  if (paths.length === 0) return [];
  const [top = ""] = gitLines(folder, ["rev-parse", "--show-toplevel"]);
  return paths.map((path) => ({
    path,
    text: () => readText(join(top.trimEnd(), path), path),
    isUsed: ofServices.includes(path),
  }));
}

/** Tells whether git tracks files in a folder. */
export function isRepository(folder: string): boolean {
  return gitLines(folder, ["rev-parse", "--git-dir"]).length > 0;
}

function gitLines(folder: string, words: readonly string[]): string[] {
  const env = { ...childEnvironment(process.env), LC_ALL: "C" };
  const { code, stdout, stderr, fault } = runChildSync(["git", "-C", folder, ...words], { env });
  if (code === 0) return stdout.split("\0").filter((line) => line !== "");
  const nothingFound = code === 1 && words[0] === "grep";
  if (nothingFound || stderr.includes("not a git repository")) return [];
  if (fault === "not started")
    throw new UserError({ path: "git", what: "is not on PATH", todo: "install it: only what git tracks is delivered" });
  const said = stderr.trim().split("\n")[0] ?? "";
  throw configurationError([
    {
      path: folder,
      what: `git cannot list the tracked files: ${said === "" ? `it ended with code ${code}` : said}`,
      todo: "fix that, since only tracked files are delivered, and none of them may hold secrets in plain text",
    },
  ]);
}
