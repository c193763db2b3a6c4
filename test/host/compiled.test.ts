import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundleProgram } from "../../remote/bundle.ts";
import { checkout } from "../../toolchain/paths.ts";

/** A program that prints its words, started as a server starts it. */
async function server() {
  const folder = mkdtempSync(join(tmpdir(), "slipway-compiled-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const compiled = join(folder, "compiled");
  mkdirSync(compiled, { mode: 0o700 });
  const program = join(folder, "a1.cjs");
  const write = async (word: string): Promise<void> => {
    const entry = join(folder, "entry.ts");
    const source = `const say = () => console.log("${word}", ...process.argv.slice(2), __filename);\nsay();\n`;
    writeFileSync(entry, source);
    writeFileSync(program, await bundleProgram(checkout, entry));
  };
  await write("one");
  const start = (...words: string[]): string => {
    const env = { NODE_COMPILE_CACHE: compiled };
    const { stdout, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: "utf8", env });
    return stdout + stderr;
  };
  const kept = (): string[] => readdirSync(compiled).filter((name) => name.startsWith("a1."));
  const file = join(compiled, `a1.cjs.${process.version}`);
  return { program, write, start, kept, file, inode: () => statSync(file).ino };
}

describe("what was compiled of the program", () => {
  it("is kept for root alone by the first process that attends, and used as long as it is whole", async () => {
    const { program, start, kept, file, inode } = await server();
    expect(start("verb", "x")).toBe(`one verb x ${program}\n`);
    expect(kept()).toEqual([]);
    expect(start("attend", "x")).toBe(`one attend x ${program}\n`);
    expect(kept()).toEqual([`a1.cjs.${process.version}`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const first = inode();
    expect(start("attend")).toBe(`one attend ${program}\n`);
    expect(inode()).toBe(first);
  });

  it("is made again if it was cut, altered, made of another source, or if others could write it", async () => {
    const { program, write, start, file, inode } = await server();
    start("attend");
    const whole = readFileSync(file);
    const spoil: (() => unknown)[] = [
      () => writeFileSync(file, whole.subarray(0, -1)),
      () =>
        writeFileSync(
          file,
          whole.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
        ),
      () => writeFileSync(file, ""),
      () => chmodSync(file, 0o620),
      () => write("two"),
    ];
    for (const act of spoil) {
      const before = inode();
      await act();
      expect(start("attend")).toMatch(/^(one|two) attend /);
      expect(inode()).not.toBe(before);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(start("attend")).toBe(`two attend ${program}\n`);
  });

  it("is not missed where its folder cannot be written", async () => {
    const { program, start, file } = await server();
    mkdirSync(file);
    expect(start("attend")).toBe(`one attend ${program}\n`);
  });
});
