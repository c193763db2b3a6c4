import { describe, expect, it } from "vitest";
import { ensureFoldersAreMounted, placesOfFolders } from "../../config/folders.ts";
import { readDraft } from "../../config/draft.ts";
import type { Draft } from "../../config/draft.ts";
import { describeProblem } from "../../model/problem.ts";
import type { Mount } from "../../model/compose/application.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { deployment, service } from "../model/stack/aaperture.ts";

function draftOf(keys: object): Draft {
  const texts = Object.entries({ directory: "/srv/app", ...keys }).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readDraft({ texts: Object.fromEntries(texts), environment: {}, stack: "staging" }).draft;
}

describe("data folders of the configuration", () => {
  it("lie at the same path below the stack's directory, or where the stack says", () => {
    const draft = draftOf({
      folders: { "./logs": {}, "./data/": { path: "/srv/big" }, "/srv/old": {}, "../up": { path: "/srv/up" } },
      services: { db: { data: { folder: "./db" } }, api: { data: { folder: "files", path: "/mnt/files" } } },
    });
    expect(placesOfFolders(draft)).toEqual({
      logs: "/srv/app/logs",
      data: "/srv/big",
      "/srv/old": "/srv/old",
      "../up": "/srv/up",
      db: "/srv/app/db",
      files: "/mnt/files",
    });
  });

  it("are as a path says, wherever else the folder is named", () => {
    const folders = { "./db": { path: "/mnt/db" } };
    expect(placesOfFolders(draftOf({ folders, services: { db: { data: { folder: "db" } } } }))).toEqual({
      db: "/mnt/db",
    });
  });

  it.each<[string, object, string[]]>([
    ["that a service mounts", { "./data": {} }, []],
    ["above one that a service mounts", { ".": {} }, ["folders..: is a folder that no"]],
    ["that nobody mounts", { "./dta": {} }, ["folders../dta: is a folder that no"]],
    ["outside without a place", { "../up": {} }, ["folders.../up: lies outside"]],
    ["outside with a place", { "../up": { path: "/srv/up" } }, []],
  ])("%s are accepted or refused", (_, folders, expected) => {
    const mounts = ["data", "../up"].map((source): Mount => {
      return { type: "folder", source, path: `/srv/${source}`, target: `/${source}`, readOnly: false };
    });
    const given = deployment([service("api", { mounts })]);
    const stack = stackOf(given);
    const files = { compose: "compose.yaml", release: "release.json" };
    const input = { draft: draftOf({ folders }), deployment: given, stack, lock: {}, files, suspects: [] };
    const found = ensureFoldersAreMounted({ ...input, composeServices: ["api"] }).map(describeProblem);
    expect(found.map((line, index) => line.slice(0, expected[index]?.length))).toEqual(expected);
  });
});
