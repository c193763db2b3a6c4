import { UserError, type Problem } from "../../model/problem.ts";
import { childEnvironment } from "../../process/environment.ts";
import { runChildSync } from "../../process/child.ts";

/** What a branch did to the files below a folder, by their paths from there. */
export interface BranchChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

/**
 * Compares a folder with the commit at which its branch began. Files that are not committed count as well; those that
 * git ignores do not. A file with another name counts as deleted and added.
 */
export function changesSince(base: string, folder: string): BranchChanges {
  const began = git(folder, ["merge-base", "--", base, "HEAD"], noBase(base)).trim();
  const words = ["diff", "--name-status", "--no-renames", "--relative", "-z", began, "--", "."];
  const [...parts] = git(folder, words, noList(folder)).split("\0");
  const ofKind = (...kinds: string[]): string[] =>
    parts.filter((_, index) => index % 2 === 1 && kinds.includes(parts[index - 1] ?? ""));
  const others = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
  const untracked = git(folder, others, noList(folder))
    .split("\0")
    .filter((name) => name !== "");
  return { added: [...ofKind("A"), ...untracked], changed: ofKind("M", "T"), deleted: ofKind("D") };
}

function noBase(base: string): Omit<Problem, "what"> {
  const todo = "name a commit that is here, such as origin/main; in GitLab, GIT_DEPTH: 0 fetches all of them";
  return { path: `--base ${base}`, todo };
}

function noList(folder: string): Omit<Problem, "what"> {
  return { path: folder, todo: "correct that, or name the files of the migrations" };
}

function git(folder: string, words: readonly string[], problem: Omit<Problem, "what">): string {
  const env = { ...childEnvironment(process.env), LC_ALL: "C" };
  const { code, stdout, stderr, fault } = runChildSync(["git", "-C", folder, ...words], { env });
  if (code === 0) return stdout;
  if (fault === "not started")
    throw new UserError({ path: "git", what: "is not on PATH", todo: "install it: it knows which migrations are new" });
  const said = stderr.trim().split("\n")[0] ?? "";
  const what = said === "" ? "has no commit in common with this branch" : `git says: ${said}`;
  throw new UserError({ ...problem, what });
}
