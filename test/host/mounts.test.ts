import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
  mkdirSync(join(host.folder, "root", "etc"), { recursive: true });
  writeFileSync(source(), "first");
});
afterEach(() => {
  host.remove();
});

const source = (): string => join(host.folder, "source");
const inside = (path: string): string => join(host.folder, "root", path);

/** Tells if the file behind a mount counts as another file than its source. */
async function differs(target: string): Promise<boolean> {
  const script = `if mounts_differ ${source()} ${inside("")} ${target}; then echo differs; fi`;
  return (await host.source(staging, script)).stdout === "differs\n";
}

describe("a mounted file", () => {
  it("is fresh while it is the same file, and stale once another one replaced it", async () => {
    linkSync(source(), inside("etc/config"));
    expect(await differs("/etc/config")).toBe(false);
    writeFileSync(`${source()}.new`, "second");
    renameSync(`${source()}.new`, source());
    expect(await differs("/etc/config")).toBe(true);
  });

  it("counts as fresh behind a link in the container, which would lead to a file of the server", async () => {
    symlinkSync("/etc", inside("conf"));
    expect(await differs("/conf/hostname")).toBe(false);
    symlinkSync("/etc/hostname", inside("etc/hostname"));
    expect(await differs("/etc/hostname")).toBe(false);
  });

  it("counts as fresh if there is nothing to compare", async () => {
    expect(await differs("/etc/gone")).toBe(false);
  });
});
