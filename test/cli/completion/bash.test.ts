import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runChild } from "../../../process/child.ts";
import { checkout } from "../../../toolchain/paths.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-bash-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  mkdirSync(join(folder, "rendered"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets bash complete a line, as Readline would: it gets the words, and offers what the last one can become. */
const script = `
source <(slipway completion bash)
compopt() { printf 'option %s\\n' "$2"; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_slipway slipway
printf '%s\\n' "\${COMPREPLY[@]}"
complete -p slipway`;

test.each([
  [["loc"], ["lock"]],
  [["up", "--stack", "=", "d"], ["dev"]],
  [["up", "--stack", "="], ["dev"]],
  [
    ["render", "--out", "r"],
    ["option filenames", "rendered"],
  ],
  [
    ["up", "--plan", "Pulumi.d"],
    ["option filenames", "Pulumi.dev.yaml"],
  ],
  [["release", "--version", "1", "--x y", "$(touch hostile)"], [""]],
])("bash completes %j", async (words, expected) => {
  const environment = { ...process.env, PATH: `${join(checkout, "bin")}:${process.env["PATH"] ?? ""}` };
  const { stdout, stderr } = await runChild(["bash", "-c", script, "bash", "slipway", ...words], {
    cwd: folder,
    env: environment,
  });
  expect({ stdout, stderr }).toEqual({
    stdout: [...expected, "complete -F _slipway slipway", ""].join("\n"),
    stderr: "",
  });
});
