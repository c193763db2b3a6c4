import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Declaration } from "../../../cli/declaration/declaration.ts";
import { declarations } from "../../../cli/declaration/declarations.ts";
import { runChild } from "../../../process/child.ts";
import { checkout } from "../../../toolchain/paths.ts";
import { toolEnvironment } from "../../../toolchain/environment.ts";
import type { Outcome } from "../../../toolchain/installer.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { fish } from "../../../toolchain/tools/fish.ts";
import { zsh } from "../../../toolchain/tools/zsh.ts";
import { deployTools } from "../../../toolchain/tools.ts";

let folder: string;
let shells: readonly Outcome[];

beforeAll(async () => {
  shells = await ensureTools([zsh, fish], (line) => void process.stdout.write(`${line}\n`));
  folder = mkdtempSync(join(tmpdir(), "slipway-shells-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  writeFileSync(join(folder, "compose.yaml"), "services: { web: { image: web } }\n");
  mkdirSync(join(folder, "rendered"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function shell(name: string): { readonly file: string; readonly unpacked: string } {
  const found = shells.find(({ tool }) => tool.name === name);
  const file = found?.installed.commands[name] ?? name;
  // Unpacked, the shell lies below the folder of its launcher.
  return { file, unpacked: found?.installed.origin === "found" ? "" : join(dirname(dirname(file)), "root") };
}

async function said(words: readonly string[]): Promise<string> {
  const env = { PATH: `${join(checkout, "bin")}:${process.env["PATH"] ?? ""}`, HOME: folder, TERM: "xterm" };
  const { stdout } = await runChild(words, { cwd: folder, env, deadline: 120_000 });
  return stdout;
}

describe("zsh", () => {
  test.each([
    ["slipway loc", "slipway lock "],
    ["slipway lock --up", "slipway lock --update "],
    ["slipway up --stack d", "slipway up --stack dev "],
    ["slipway up --stack=d", "slipway up --stack=dev "],
    ["slipway release --image w", "slipway release --image web="],
    ["slipway render --out r", "slipway render --out rendered/"],
  ])("completes '%s'", async (line, completed) => {
    const { file, unpacked } = shell("zsh");
    const driver = join(import.meta.dirname, "completion.zsh");
    expect(await said([file, "-f", driver, file, unpacked, line])).toBe(`${completed}\n`);
  });
});

describe("fish", () => {
  test.each([
    ["slipway lo", ["lock", "logs"]],
    ["slipway lock --up", ["--update"]],
    ["slipway up --stack d", ["dev"]],
    ["slipway up --stack=d", ["--stack=dev"]],
    ["slipway release --image w", ["web="]],
    ["slipway render --out r", ["rendered/"]],
    ["slipway up --plan Pulumi.d", ["Pulumi.dev.yaml"]],
  ])("completes '%s'", async (line, offered) => {
    const script = "slipway completion fish | source; complete -C $argv[1]";
    const lines = (await said([shell("fish").file, "--no-config", "-c", script, line])).trimEnd().split("\n");
    expect(lines.map((one) => one.split("\t")[0])).toEqual(offered);
  });
});

describe("Pulumi's options", () => {
  const all: readonly Declaration[] = declarations;

  test.each(all.flatMap(({ name, pulumi }) => (pulumi === undefined ? [] : [[name, pulumi] as const])))(
    "that `slipway help %s` names are those of the Pulumi that runs",
    async (_, { command, options }) => {
      await ensureTools(deployTools, () => undefined);
      const { stdout } = await runChild(["pulumi", command, "--help"], { env: toolEnvironment() });
      const known = [...stdout.matchAll(/^ +(?:-(\w), )?--([\w-]+)/gm)].map(
        ([, short = "", long = ""]) => short + long,
      );
      const named = Object.entries(options).map(([long, { short = "" }]) => short + long);
      expect(named.filter((option) => !known.includes(option))).toEqual([]);
    },
  );
});
