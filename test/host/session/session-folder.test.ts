import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Presence } from "../../../host/session/presence.ts";
import { SessionFolder } from "../../../host/session/session-folder.ts";

async function session() {
  const stackRun = mkdtempSync(join(tmpdir(), "slipway-session-"));
  const presence = await Presence.open(stackRun);
  onTestFinished(() => {
    presence[Symbol.dispose]();
    rmSync(stackRun, { recursive: true });
  });
  return { presence, own: new SessionFolder(presence.folder), seen: new SessionFolder(presence.folder) };
}

const patient = AbortSignal.timeout(20_000);

describe("a run", () => {
  it("is heard again, though the clock was set back in between (SEC-C2)", async () => {
    const { own, seen } = await session();
    own.hear();
    const heard = seen.isHeardAgain(patient);
    own.hear();
    expect(await heard).toBe(true);
    utimesSync(join(own.path, "heard"), 4e9, 4e9); // as if it had been heard in the far future
    const again = seen.isHeardAgain(patient);
    own.hear();
    expect(await again).toBe(true);
  });

  it("is not heard again if it is over, dead, or silent for too long", async () => {
    const { own, seen, presence } = await session();
    own.hear();
    expect(await seen.isHeardAgain(AbortSignal.timeout(10))).toBe(false);
    const over = seen.isHeardAgain(patient);
    own.end();
    expect(await over).toBe(false);
    new SessionFolder(own.path).hear();
    const dead = seen.isHeardAgain(patient);
    presence[Symbol.dispose]();
    expect(await dead).toBe(false);
  });

  it("rejects an object whose touch cannot be stored, since a later delete would remove it", async () => {
    const { own, seen } = await session();
    own.touchObject("files");
    const [touched = ""] = readdirSync(join(own.path, "touched"));
    rmSync(join(own.path, "touched", touched));
    mkdirSync(join(own.path, "touched", touched));
    expect(() => seen.touchObject("files")).toThrow(/cannot write '.*'/);
  });

  it("lets a verb touch an object after it has removed its folder", async () => {
    const { seen, presence } = await session();
    presence[Symbol.dispose]();
    seen.touchObject("files");
    expect(seen.hasTouched("files")).toBe(false);
  });

  it("is known by its id, holder and job once it has the lease", async () => {
    const { own, seen } = await session();
    expect(seen.run).toBeUndefined();
    const about = { run: "one", holder: "one of shop/staging", job: "https://gitlab.example/1" };
    own.setAbout(about);
    expect(seen.about()).toEqual(about);
  });
});
