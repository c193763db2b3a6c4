import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recipeFolder } from "./recipe.ts";
import { base } from "./images.ts";
import { runChild } from "../../../process/child.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-base-image."));
  command("apt-get", "echo Debian trixie https://packages.test/debian");
  command("apt-config", "");
  // Like the real docker, it also imports an incomplete file system.
  command("docker", `echo "$*" >> "${folder}/log"`, '[ "$1" != import ] || { cat > /dev/null; echo sha256:1234; }');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function command(name: string, ...lines: readonly string[]): void {
  const file = join(folder, name);
  writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(file, 0o755);
}

async function build(): Promise<{ readonly code: number; readonly words: readonly string[] }> {
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`, MMDEBSTRAP: "mmdebstrap" };
  const { code } = await runChild(["bash", join(recipeFolder(base), "build.sh"), "some/base:1", "some=label"], { env });
  return { code, words: readFileSync(join(folder, "log"), "utf8").trim().split("\n") };
}

const imported = 'import --change LABEL some=label --change CMD ["bash"] -';

test("the base image gets its tag when it is complete", async () => {
  command("mmdebstrap", "echo all of it");
  expect(await build()).toEqual({ code: 0, words: [imported, "tag sha256:1234 some/base:1"] });
});

test("rejects an incomplete base image, which is removed without a tag", async () => {
  command("mmdebstrap", "echo half of it", "exit 25");
  expect(await build()).toEqual({ code: 1, words: [imported, "rmi sha256:1234"] });
});
