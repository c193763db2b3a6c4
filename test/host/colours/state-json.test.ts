import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { removeStateJson, writeStateJson } from "../../../host/colours/state-json.ts";
import { testServer } from "../verbs/server.ts";

/** The directory of a stack, whose application may write into it. */
function openDirectory(): { directory: string; write: () => string | undefined } {
  const { folder, work } = testServer();
  const directory = join(folder, "shop");
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o777);
  const colours = { live: undefined, of: () => undefined, place: { directory, project: "shop" } };
  return { directory, write: () => writeStateJson(colours, work("rollout").state) };
}

describe("what an application puts in the place of state.json", () => {
  it("is replaced if it is a link, and what that leads to stays as it was (SEC-A2)", () => {
    const { directory, write } = openDirectory();
    const foreign = join(directory, "..", "shadow");
    writeFileSync(foreign, "root");
    symlinkSync(foreign, join(directory, "state.json"));
    expect(write()).toBeUndefined();
    expect(readFileSync(foreign, "utf8")).toBe("root");
    expect(readFileSync(join(directory, "state.json"), "utf8")).toContain("active_stack");
  });

  it("stops neither a switch nor the removal of the stack if it is a folder", () => {
    const { directory, write } = openDirectory();
    const own = join(directory, "state.json", "own");
    mkdirSync(own, { recursive: true });
    expect(write()).toMatch(/EISDIR/);
    expect(removeStateJson(directory)).toMatch(/EISDIR/);
    expect(existsSync(own)).toBe(true);
  });
});
