import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { directoryFact } from "../../../host/facts/directory.ts";
import { directory } from "../../../host/verbs/directory.ts";
import { testServer } from "../verbs/server.ts";

function server() {
  const { folder, work } = testServer();
  const at = (path: string): string => join(folder, path);
  const stateOf = (path: string): string => directoryFact(at(path), work("x").state).state;
  return { folder, at, stateOf, work };
}

describe("the directory of a stack, as an observation finds it", () => {
  it("has its links resolved, even before it exists (F21)", () => {
    const { at, work } = server();
    mkdirSync(at("real"));
    symlinkSync(at("real"), at("link"));
    symlinkSync(at("real/later"), at("dangling"));
    const { state } = work("x");
    const path = at("link/not/yet");
    expect(directoryFact(path, state)).toEqual({ path, real: at("real/not/yet"), writable: true, state: "missing" });
    expect(directoryFact(at("dangling/a"), state).real).toBe(at("real/later/a"));
    symlinkSync(at("circle"), at("circle"));
    expect(directoryFact(at("circle/a"), state).writable).toBe(false);
  });

  it("is not writable below a file or on a file system that is read-only (F15)", () => {
    const { at, work } = server();
    writeFileSync(at("file"), "");
    expect(directoryFact(at("file/a"), work("x").state).writable).toBe(false);
    expect(directoryFact("/proc/slipway", work("x").state)).toMatchObject({ real: "/proc/slipway" });
  });

  it("is empty, of somebody else, or no folder at all (SEC-B4)", () => {
    const { at, stateOf } = server();
    mkdirSync(at("empty"));
    mkdirSync(at("disk/lost+found"), { recursive: true });
    mkdirSync(at("site"));
    writeFileSync(at("site/index.html"), "");
    symlinkSync(at("empty"), at("link"));
    expect(["none", "empty", "disk", "site", "link", "site/index.html"].map(stateOf)).toEqual([
      "missing",
      "empty",
      "empty",
      "foreign",
      "unusable",
      "unusable",
    ]);
  });

  it("is the stack's own as soon as the verb made it, also where the server has lost its memory", async () => {
    const { at, stateOf, work } = server();
    await directory.apply({ path: at("shop"), owner: "root", mode: "0755" }, work(`directory:${at("shop")}`));
    writeFileSync(at("shop/a"), "");
    expect(stateOf("shop")).toBe("ours");
    const lost = server();
    expect(directoryFact(at("shop"), lost.work("x").state).state).toBe("ours");
    chmodSync(at("shop/.slipway"), 0o755);
    expect(directoryFact(at("shop"), lost.work("x").state).state).toBe("foreign"); // anybody could have made that
    expect(stateOf("shop")).toBe("ours"); // by its memory
  });
});
