import { execFileSync } from "node:child_process";
import { join, posix } from "node:path";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";
import { checkout } from "../../toolchain/paths.ts";
import { importFault, zoneRule } from "./zones.ts";

/** Folders of the product with TypeScript of their own, as git lists them. */
function productFolders(): readonly string[] {
  const files = execFileSync("git", ["ls-files", "*.ts"], { cwd: checkout, encoding: "utf8" }).trim().split("\n");
  const folders = new Set(files.map((file) => posix.dirname(file)).filter((folder) => folder !== "."));
  return [...folders].filter((folder) => !/^(test|demo|bench)(\/|$)/.test(folder)).sort();
}

describe("the zone of a file", () => {
  it.each([
    ["a file of its own folder", "model/compose/reader.ts", "./project.ts"],
    ["a folder below it without a zone of its own", "config/schema.ts", "./schema/policy.ts"],
    ["the folder above it in the same zone", "config/schema/value.ts", "../problems.ts"],
    ["a lower folder", "components/volume.ts", "../model/plan/plan.ts"],
    ["a folder below a lower one", "cli/main.ts", "../secrets/sops/read.ts"],
    ["an unrestricted package", "model/json.ts", "zod"],
    ["a restricted package that it needs", "process/child.ts", "node:child_process"],
    ["a part of such a package", "toolchain/plugins/command/pipes.ts", "node:fs/promises"],
    ["a package whose name only begins like a restricted one", "model/json.ts", "node:network"],
    ["a package by an exception for the file", "config/load.ts", "@pulumi/pulumi"],
    ["facts and documents from host", "host/verbs/files.ts", "../../model/facts/collisions.ts"],
    ["processes from host", "host/view.ts", "node:child_process"],
    ["anything from a folder without a zone", "test/run/zones.ts", "../../cli/main.ts"],
  ])("lets it import %s", (_, file, specifier) => {
    expect(importFault(file, specifier)).toBeUndefined();
  });

  it.each([
    ["a higher folder", "model/stack/ports.ts", "../plan/plan.ts", "model/stack/ does not import from model/plan/"],
    ["a zone below its own folder", "model/problem.ts", "./stack/ports.ts", "model/ does not import from model/stack/"],
    ["the top folder", "components/volume.ts", "../index.ts", "components/ does not import from the top folder"],
    ["a test", "remote/ssh.ts", "../test/run/lint.ts", "remote/ does not import from test/run/"],
    ["the engine", "remote/ssh.ts", "@pulumi/pulumi", "remote/ does not import @pulumi/pulumi"],
    ["a file system", "model/json.ts", "node:fs/promises", "model/ does not import node:fs/promises"],
    ["a socket", "model/connection.ts", "node:net", "model/ does not import node:net"],
    ["an SSH client", "model/connection.ts", "ssh2", "model/ does not import ssh2"],
    [
      "a room of model that it does not use",
      "secrets/age/key.ts",
      "../../model/plan/plan.ts",
      "secrets/ does not import from model/plan/",
    ],
    ["a process", "config/schema/value.ts", "node:child_process", "config/ does not import node:child_process"],
    ["another file's exception", "config/draft.ts", "@pulumi/pulumi", "config/ does not import @pulumi/pulumi"],
    ["a stack from host", "host/view.ts", "../model/stack/stack.ts", "host/ does not import from model/stack/"],
    [
      "a stack from a fact",
      "model/facts/rules.ts",
      "../stack/stack.ts",
      "model/facts/ does not import from model/stack/",
    ],
    ["the engine from host", "host/view.ts", "@pulumi/pulumi", "host/ does not import @pulumi/pulumi"],
  ])("rejects an import of %s", (_, file, specifier, fault) => {
    expect(importFault(file, specifier)).toBe(fault);
  });
});

describe("the rule", () => {
  const linter = new Linter();
  const faults = (code: string, filename = "model/json.ts"): string[] =>
    linter
      .verify(
        code,
        {
          files: ["**/*.ts"],
          languageOptions: { parser: tseslint.parser },
          plugins: { slipway: { rules: { zones: zoneRule } } },
          rules: { "slipway/zones": "error" },
        },
        { filename: join(checkout, filename) },
      )
      .map(({ message }) => message.split(";")[0] ?? "");

  it.each([
    'import { x } from "node:fs";',
    'import { x } from "fs/promises";',
    'export * from "node:fs";',
    'export { x } from "node:fs";',
    'await import("node:fs");',
    "await import(`node:fs`);",
    'type X = import("node:fs").Stats;',
    'import fs = require("node:fs");',
    'const fs = require("node:fs");',
    'import { createRequire } from "node:module";',
    'import x from "/etc/x.ts";',
    'import x from "file:///etc/x.ts";',
  ])("holds every form of an import: %s", (code) => {
    expect(faults(code)).toHaveLength(1);
  });

  it("allows what a zone may import, and everything to a file without a zone", () => {
    expect(faults('import { z } from "zod"; type X = import("./guess.ts").X;')).toEqual([]);
    expect(faults('import fs from "node:fs"; await import(name);', "demo/main.ts")).toEqual([]);
  });
});

describe("every folder of the product", () => {
  it.each(productFolders())("has a zone: %s", (folder) => {
    const specifier = `${"../".repeat(folder.split("/").length)}test/run/lint.ts`;
    expect(importFault(`${folder}/a.ts`, specifier)).toMatch(/ does not import from test\/run\/$/);
  });
});
