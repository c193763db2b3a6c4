import { rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { fakeDelivery, hammer } from "./fake-tool.ts";
import { sandbox, type Sandbox } from "./sandbox.ts";

const tool = hammer(fakeDelivery("2.1.0"));

/** Installs the tool; returns the file of its command. */
async function installed(box: Sandbox): Promise<string> {
  const [outcome] = await box.run(tool);
  return outcome?.installed.commands["hammer"] ?? "";
}

/** Tells whether the next run installs the tool again. */
async function isReplaced(box: Sandbox): Promise<boolean> {
  const [outcome] = await box.run(tool);
  return outcome?.fresh === true;
}

/** Another program of the same size and time, as somebody puts it into a cache. */
function swap(file: string): void {
  const { atime, mtime, size } = statSync(file);
  writeFileSync(file, "#!/bin/sh\necho hammer 6.6.6 #".padEnd(size, "x").slice(0, size));
  utimesSync(file, atime, mtime);
}

describe("a tool of the cache", () => {
  test("is installed again in a CI job if its command has another content (SEC-B12)", async () => {
    const box = sandbox();
    const file = await installed(box);
    vi.stubEnv("CI", "true");
    expect(await isReplaced(box)).toBe(false);
    swap(file);
    expect(await isReplaced(box)).toBe(true);
    expect(await isReplaced(box)).toBe(false);
  });

  test("stays in a CI job if only its time changed, as an archive of the cache changes it", async () => {
    const box = sandbox();
    const file = await installed(box);
    vi.stubEnv("CI", "true");
    utimesSync(file, 1, 1);
    expect(await isReplaced(box)).toBe(false);
  });

  test("is installed again on a machine of one's own if its command has another size or time", async () => {
    const box = sandbox();
    vi.stubEnv("CI", "");
    utimesSync(await installed(box), 1, 1);
    expect(await isReplaced(box)).toBe(true);
    writeFileSync(await installed(box), "#!/bin/sh\n");
    expect(await isReplaced(box)).toBe(true);
  });

  test.each(["", "true"])("without sums is replaced, wherever it is (CI=%j)", async (ci) => {
    const box = sandbox();
    vi.stubEnv("CI", ci);
    rmSync(join(await installed(box), "../..", ".sums"));
    expect(await isReplaced(box)).toBe(true);
    expect(await isReplaced(box)).toBe(false);
  });
});
