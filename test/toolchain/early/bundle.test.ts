import { fork, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { bundledCommands, earlyProgram, packedProgram } from "../../../toolchain/early/bundle.ts";
import { checkout } from "../../../toolchain/paths.ts";

let place: { readonly checkout: string; readonly cache: string };
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-early-bundle-"));
  place = { checkout: folder, cache: join(folder, ".slipway") };
  const folders = ["cli", "components", "config", "model", "process", "registry", "remote", "secrets", "toolchain"];
  folders.forEach((name) => mkdirSync(join(folder, name)));
  write("package-lock.json", "{}");
  write("sdk.ts", "");
  write("early-modules.ts", "");
  write("early-program.ts", 'import { where } from "./model/where.ts";\nexport const early: string = where;');
  write("index.ts", 'import { where } from "./model/where.ts";\nexport const index: string = where;');
  write("model/where.ts", "export const where: string = import.meta.dirname;");
  write("cli/run.ts", 'import { where } from "../model/where.ts";\nexport const command: string = where;');
});
afterEach(() => rmSync(place.checkout, { recursive: true }));

function write(name: string, content: string): void {
  writeFileSync(join(place.checkout, name), `${content}\n`);
}

test("the program is bundled once for each state of its sources, and the bundle before is removed", async () => {
  const first = await earlyProgram(place);
  expect(await earlyProgram(place)).toBe(first);
  write("model/where.ts", 'export const where: string = "elsewhere";');
  const second = await earlyProgram(place);
  expect(second).not.toBe(first);
  expect(existsSync(first)).toBe(false);
  expect(readFileSync(join(dirname(second), "index.mjs"), "utf8")).toContain("where");
});

test("a bundled source knows the folder in which it lies", async () => {
  const file = await earlyProgram(place);
  const { early } = z.object({ early: z.string() }).parse(await import(pathToFileURL(file).href));
  expect(join(early)).toBe(join(place.checkout, "model"));
});

test("the commands run from the sources until an operation has bundled these", async () => {
  expect(bundledCommands(place)).toBeUndefined();
  await earlyProgram(place);
  const file = bundledCommands(place) ?? "";
  const { command } = z.object({ command: z.string() }).parse(await import(pathToFileURL(file).href));
  expect(join(command)).toBe(join(place.checkout, "model"));
  write("cli/run.ts", "export const command: string = 'changed';");
  expect(bundledCommands(place)).toBeUndefined();
});

test("a command that runs from the bundle prints what it prints from the sources", async () => {
  await earlyProgram();
  const [bundled, source] = [bundledCommands() ?? "", join(checkout, "cli", "run.ts")].map((file) => {
    const words = [["--help"], ["completion", "bash"], ["render", "--stack", "none", "--cwd", "/"], ["nonsense"]];
    return words.map((line) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...line], { encoding: "utf8" });
      return { line, status, stdout, stderr };
    });
  });
  expect(bundled).toEqual(source);
});

test("the bundle tunes zod before it makes a schema", async () => {
  const folder = dirname(await earlyProgram());
  const tuned = readdirSync(folder)
    .filter((name) => name.endsWith(".mjs"))
    .filter((name) => /\bjitless: true\b/.test(readFileSync(join(folder, name), "utf8")));
  expect(tuned).toEqual(["zod.mjs"]); // the chunk that every chunk with a schema imports
});

test("a packed slipway runs the bundle that it holds", async () => {
  rmSync(join(place.checkout, "package-lock.json"));
  expect(await earlyProgram(place)).toBe(join(packedProgram(place.checkout), "early-program.mjs"));
});

test("the SDK's script gets the bundle for index.ts, and stack traces name the lines of the sources", async () => {
  const script = join(place.checkout, "script.cjs");
  const loadsSource = 'if (url.endsWith(".ts")) console.log("loads", url); return next(url, context);';
  write(
    "script.cjs",
    `require("node:module").registerHooks({ load(url, context, next) { ${loadsSource} } });
     import(process.argv[2]).catch((error) => console.log(error.stack));`,
  );
  const child = fork(await earlyProgram(), [], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  child.send({ words: [script, pathToFileURL(join(checkout, "index.ts")).href], environment: {} });
  const trace = child.stdout === null ? "" : await text(child.stdout);
  expect(trace).toMatch(/^UserError: the configuration has problems:\n/);
  expect(trace).toMatch(/\n {4}at async file:\/\/\S+\/index\.ts:\d+:\d+$/m);
  expect(trace).not.toContain(".mjs");
});
