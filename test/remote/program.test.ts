import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { hostProgram } from "../../remote/program.ts";
import { checkout as own } from "../../toolchain/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-program-"));
afterAll(() => rmSync(folder, { recursive: true }));

const checkout = join(folder, "checkout");
const cache = join(folder, "cache");

/** A checkout with a program of two files. */
beforeEach(() => {
  rmSync(checkout, { recursive: true, force: true });
  rmSync(cache, { recursive: true, force: true });
  for (const name of ["host", "model"]) mkdirSync(join(checkout, name), { recursive: true });
  writeFileSync(
    join(checkout, "host", "start.ts"),
    'import { words } from "../model/words.ts";\nconsole.log(words);\n',
  );
  cpSync(join(own, "host", "compiled.ts"), join(checkout, "host", "compiled.ts"));
  writeFileSync(join(checkout, "model", "words.ts"), 'export const words: string = "first";\n');
  writeFileSync(join(checkout, "package-lock.json"), "{}");
});

function cached(): string[] {
  return readdirSync(join(cache, "program"));
}

/** Runs the text with Node, from nothing but stdin. */
function outputOf(text: string): string {
  return spawnSync(process.execPath, ["--input-type=commonjs", "-"], { input: text, encoding: "utf8", cwd: "/" })
    .stdout;
}

describe("the host program of a checkout", () => {
  it("is one module of all its files, with its sum", async () => {
    const { text, sha256 } = await hostProgram({ checkout, cache });
    expect(outputOf(text)).toBe("first\n");
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(text).not.toContain("import");
  });

  it("is bundled once for each state of its sources and packages", async () => {
    const first = await hostProgram({ checkout, cache });
    expect(await hostProgram({ checkout, cache })).toEqual(first);
    expect(cached()).toHaveLength(1);
    writeFileSync(join(checkout, "model", "words.ts"), 'export const words = "second";\n');
    expect(outputOf((await hostProgram({ checkout, cache })).text)).toBe("second\n");
    writeFileSync(join(checkout, "package-lock.json"), "{ }");
    await hostProgram({ checkout, cache });
    expect(cached()).toHaveLength(3);
  });

  it("comes from the cache", async () => {
    await hostProgram({ checkout, cache });
    const [name = ""] = cached();
    const other = "cached\n";
    const sha256 = createHash("sha256").update(other).digest("hex");
    writeFileSync(join(cache, "program", name), `${other}// ${sha256}`);
    expect(await hostProgram({ checkout, cache })).toEqual({ text: other, sha256 });
  });

  it("is bundled again if the cached one is damaged", async () => {
    const first = await hostProgram({ checkout, cache });
    const [name = ""] = cached();
    const file = join(cache, "program", name);
    writeFileSync(file, readFileSync(file, "utf8").replace("first", "forged"));
    expect(await hostProgram({ checkout, cache })).toEqual(first);
  });

  it("is the one that was packed where there is no lock file, and rejects a package without one", async () => {
    rmSync(join(checkout, "package-lock.json"));
    mkdirSync(join(checkout, "host", "bundle"));
    writeFileSync(join(checkout, "host", "bundle", "slipway.cjs"), "packed\n");
    expect((await hostProgram({ checkout, cache })).text).toBe("packed\n");
    rmSync(join(checkout, "host", "bundle"), { recursive: true });
    await expect(hostProgram({ checkout, cache })).rejects.toThrow(
      "pack slipway again, with `npm pack --ignore-scripts",
    );
  });
});

describe("this checkout's own program", () => {
  it("keeps the names and lines of its functions, for stack traces", async () => {
    const { text } = await hostProgram({ checkout: own, cache });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(5_000);
  });

  it("is in the tarball of `npm pack`, with the runtimes, and rejects a bad call with its message", async () => {
    const packing = join(folder, "packing");
    const sources = ["cli", "components", "config", "host", "model", "process", "registry"];
    const folders = [...sources, "remote", "secrets", "toolchain"];
    const files = ["early-modules.ts", "early-program.ts", "index.ts", "sdk.ts", "package.json", "package-lock.json"];
    const names = [...folders, ...files, ".npmrc"];
    for (const name of names) cpSync(join(own, name), join(packing, name), { recursive: true });
    symlinkSync(join(own, "node_modules"), join(packing, "node_modules"));
    const packed = spawnSync("npm", ["pack", "--ignore-scripts=false", "--pack-destination", folder], {
      cwd: packing,
      encoding: "utf8",
    });
    expect(packed.stderr).toContain("prepack: ");
    const tarball = packed.stdout.trim().split("\n").at(-1) ?? "";
    spawnSync("tar", ["-xzf", join(folder, tarball), "-C", folder]);
    const bundle = join(folder, "package", "host", "bundle");
    expect(readdirSync(join(bundle, "early"))).toEqual(
      expect.arrayContaining(["cli", "early-program.mjs", "index.mjs"]),
    );
    const run = spawnSync(process.execPath, [join(bundle, "slipway.cjs"), "dance"], { encoding: "utf8", env: {} });
    expect(run.stderr).toMatch(/^slipway: /);
    expect(run.status).not.toBe(0);
    const sum = (await hostProgram({ checkout: own, cache })).sha256;
    expect((await hostProgram({ checkout: join(folder, "package"), cache })).sha256).toBe(sum);
    expect(Object.keys(JSON.parse(readFileSync(join(bundle, "runtimes.json"), "utf8")) as object)).toEqual([
      "x64",
      "arm64",
    ]);
  });
});
