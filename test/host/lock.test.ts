import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Lock } from "../../host/lock.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a lock", () => {
  it("is held by one process, or shared by several, until it is let go", async () => {
    const path = join(folder, "one", "lease.lock");
    const first = await Lock.take(path);
    expect(await Lock.take(path)).toBeUndefined();
    expect(await Lock.take(path, { shared: true })).toBeUndefined();
    expect(await Lock.isHeld(path)).toBe(true);
    first?.[Symbol.dispose]();
    using shared = await Lock.take(path, { shared: true });
    using also = await Lock.take(path, { shared: true });
    expect([shared, also]).not.toContain(undefined);
    expect(await Lock.isHeld(path)).toBe(false);
    expect(await Lock.take(path)).toBeUndefined();
  });

  it("is free once its holder was killed", async () => {
    const path = join(folder, "two.lock");
    const script = `import { Lock } from ${JSON.stringify(new URL("../../host/lock.ts", import.meta.url).href)};
      await Lock.take(process.argv[1]); console.log("held"); setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    expect(await Lock.isHeld(path)).toBe(true);
    const waiting = Lock.take(path, { seconds: 20 });
    holder.kill("SIGKILL");
    using lock = await waiting;
    expect(lock).toBeDefined();
  });

  it("rejects with flock's exit code where flock itself fails: a living holder would pass for dead", async () => {
    const path = join(folder, "three.lock");
    using _held = await Lock.take(path);
    const broken = join(folder, "broken");
    mkdirSync(broken);
    // As the kernel ends it where no file can be opened, or no memory is left.
    writeFileSync(join(broken, "flock"), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
    const { PATH } = process.env;
    process.env["PATH"] = broken;
    try {
      await expect(Lock.isHeld(path)).rejects.toThrow("ended with 127");
    } finally {
      process.env["PATH"] = PATH;
    }
  });

  it("of a file that is not there is held by nobody, and asking makes none", async () => {
    expect(await Lock.isHeld(join(folder, "none.lock"))).toBe(false);
    expect(existsSync(join(folder, "none.lock"))).toBe(false);
  });
});
