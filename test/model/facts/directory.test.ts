import { expect, test } from "vitest";
import { ensureDirectoryIsOurs } from "../../../model/facts/directory.ts";
import type { DirectoryFact } from "../../../model/facts/observation.ts";
import { describeProblem } from "../../../model/problem.ts";

const site = "/var/www/site";

function problems(fact: Partial<DirectoryFact>): string[] {
  const directory = { path: site, real: site, writable: true, state: "missing" as const, ...fact };
  return ensureDirectoryIsOurs({ directory }).map(describeProblem);
}

test.each(["missing", "empty", "ours"] as const)("accepts a directory that is %s", (state) => {
  expect(problems({ state })).toEqual([]);
});

test("rejects a directory with content of somebody else (SEC-B4)", () => {
  expect(problems({ state: "foreign" })).toEqual([
    `directory: holds files that slipway did not put there, got '${site}'; ` +
      "choose a directory that does not exist yet, or an empty one",
  ]);
});

test("rejects a link, which the verb would not follow (SEC-A2)", () => {
  expect(problems({ state: "unusable", real: "/data/site" })).toEqual([
    `directory: is a link on the server, got '${site}'; choose the folder itself, which is '/data/site'`,
  ]);
});

test("leaves a file in the directory's place to the rule of what can be written", () => {
  expect(problems({ state: "unusable", writable: false })).toEqual([]);
});
