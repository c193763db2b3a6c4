import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { describeProblem, UserError } from "../../model/problem.ts";
import { attemptTools, ensureTools, toolPath } from "../../toolchain/toolchain.ts";
import { fakeDelivery, forge, hammer } from "./fake-tool.ts";
import { sandbox } from "./sandbox.ts";
import { write } from "./script.ts";

const run = promisify(execFile);

test("a tool is installed once; the next run finds it and prints nothing", async () => {
  const { place, said, run } = sandbox();
  const first = await run(hammer(fakeDelivery("2.0.0")));
  expect(first).toMatchObject([{ fresh: true, installed: { origin: "built", version: "2.0.0" } }]);
  expect(said).toEqual(["hammer 2.0.0: forges a hammer, no time at all"]);
  const second = await run(hammer(fakeDelivery("2.0.0", { deliver: () => Promise.reject(new Error("again")) })));
  expect(second).toMatchObject([{ fresh: false, installed: first[0]?.installed }]);
  expect(said).toHaveLength(1);
  expect(readdirSync(join(place.cacheDirectory, "stages"))).toEqual([]);
});

test("a present tool is linked into .slipway/bin, and its origin is noted", async () => {
  const { place, run } = sandbox();
  await run(hammer(fakeDelivery("2.0.0")));
  expect(readlinkSync(toolPath(hammer(), "hammer", place))).toBe(
    join(place.cacheDirectory, "hammer-2.0.0", "bin", "hammer"),
  );
  expect(readFileSync(join(place.localDirectory, "provenance", "hammer"), "utf8")).toBe(
    "hammer 2.0.0: built (the forge)\n",
  );
});

test("the first source without an obstacle is used", async () => {
  const { run } = sandbox();
  const closed = fakeDelivery("2.0.0", { name: "the smith", obstacle: () => Promise.resolve("is on holiday") });
  const [outcome] = await run(hammer(closed, fakeDelivery("2.0.0")));
  expect(outcome?.installed.detail).toBe("the forge");
});

test("rejects a tool that no source can provide, with each source's reason and advice", async () => {
  const { run } = sandbox();
  const smith = fakeDelivery("2.0.0", { name: "the smith", obstacle: () => Promise.resolve("is on holiday") });
  const shop = fakeDelivery("2.0.0", { name: "the shop", obstacle: () => Promise.resolve("is closed") });
  await expect(run(hammer(smith, shop))).rejects.toThrow(
    "hammer 2.0.0: no source can provide it (the smith: is on holiday; the shop: is closed); buy a hammer",
  );
});

test("rejects a delivered tool that fails its trial run, and removes it", async () => {
  const { place, run } = sandbox();
  await expect(run(hammer(fakeDelivery("1.0.0")))).rejects.toThrow(
    new RegExp(
      "^hammer 2\\.0\\.0: the forge: the trial run failed, .*hammer has version 1\\.0\\.0, but 2\\.0\\.0 or newer is " +
        "required; run it again, and report it if it happens twice$",
    ),
  );
  expect(existsSync(join(place.cacheDirectory, "hammer-2.0.0"))).toBe(false);
  expect(readdirSync(join(place.cacheDirectory, "stages"))).toEqual([]);
});

test("a failed delivery resumes with the files that it kept, which are removed after the installation", async () => {
  const { place, run } = sandbox();
  const half = fakeDelivery("2.0.0", {
    deliver: (stage) => {
      write(join(stage.kept, "head"), "half a hammer");
      return Promise.reject(new UserError({ path: "the fire", what: "went out", todo: "light it" }));
    },
  });
  await expect(run(hammer(half))).rejects.toThrow("hammer 2.0.0: the fire: went out; light it");
  const seen: string[] = [];
  const rest = fakeDelivery("2.0.0", {
    deliver: (stage) => {
      seen.push(...readdirSync(stage.kept));
      forge(stage, "2.0.0");
      return Promise.resolve();
    },
  });
  await run(hammer(rest));
  expect(seen).toEqual(["head"]);
  expect(readdirSync(join(place.cacheDirectory, "unfinished"))).toEqual([]);
  await vi.waitUntil(() => readdirSync(join(place.cacheDirectory, "gone")).length === 0, { timeout: 4000 });
});

test("the next run removes the unfinished stages of a killed run, also if it needs no tool", async () => {
  const { place } = sandbox();
  write(join(place.cacheDirectory, "stages", "saw-1.0.0", "folder", "saw"), "");
  write(join(place.cacheDirectory, "gone", "6d1f", "modules", "steel"), "");
  mkdirSync(join(place.cacheDirectory, "locks"));
  await ensureTools([], () => undefined, place);
  expect(readdirSync(join(place.cacheDirectory, "stages"))).toEqual([]);
  await vi.waitUntil(() => readdirSync(join(place.cacheDirectory, "gone")).length === 0, { timeout: 4000 });
});

test("all problems of a run are reported together, each once, and the other tools are installed", async () => {
  const { place } = sandbox();
  const broken = { ...hammer(), name: "saw", remedy: "buy a saw" };
  const needy = (name: string) => ({
    ...hammer(fakeDelivery("2.0.0", { deliver: (stage) => stage.run.use(broken).then(() => undefined) })),
    name,
  });
  const { outcomes, problems } = await attemptTools(
    [needy("axe"), hammer(fakeDelivery("2.0.0")), needy("pick"), broken],
    () => undefined,
    place,
  );
  expect(problems.map(describeProblem)).toEqual([
    "axe 2.0.0: saw 2.0.0: no source can provide it (); buy a saw",
    "pick 2.0.0: saw 2.0.0: no source can provide it (); buy a saw",
    "saw 2.0.0: no source can provide it (); buy a saw",
  ]);
  expect(outcomes.map(({ tool }) => tool.name)).toEqual(["hammer"]);
});

test("three parallel runs that share a cache install a tool once", async () => {
  const { file } = sandbox();
  const log = file("log", "");
  const words = [join(import.meta.dirname, "install-once.ts"), log];
  const outputs = await Promise.all([1, 2, 3].map(() => run(process.execPath, words)));
  expect(readFileSync(log, "utf8")).toBe("forged\n");
  const said = outputs.map(({ stdout }) => stdout).join("");
  expect(said.match(/forges a hammer/g)).toHaveLength(1);
});
