import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verbCommand } from "../../../model/document/verb.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "slipway-verb-"));
});
afterEach(() => {
  rmSync(state, { recursive: true });
});

/** Runs the command as the shell of a server does, with state of its own. */
function run(action: "apply" | "delete"): string {
  const line = verbCommand({ via: "ssh", user: "root" }, "shop/live", "claim", action).replace(
    "/var/lib/slipway",
    state,
  );
  const { status, stdout, stderr } = spawnSync("sh", ["-c", line], { input: "document", encoding: "utf8" });
  return `${String(status)} ${stdout}${stderr}`;
}

test("a verb runs in the program of its stack", () => {
  const folder = join(state, "stacks/shop@live");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "slipway"), '#!/bin/sh\necho "$@ $(cat)"\n', { mode: 0o755 });
  expect(run("apply")).toBe("0 verb shop/live claim apply document\n");
  expect(run("delete")).toBe("0 verb shop/live claim delete document\n");
});

test("a user other than root runs a verb by the one command that sudo allows", () => {
  expect(verbCommand({ via: "ssh", user: "deploy" }, "shop/live", "claim", "apply")).toBe(
    "sudo -n /usr/local/sbin/slipway-root verb shop/live claim apply",
  );
});

test("a server that does not know the stack deletes nothing and applies nothing", () => {
  expect(run("delete")).toBe("0 slipway: this server knows nothing of shop/live, so nothing was taken away\n");
  expect(run("apply")).toMatch(/^127 /);
});

test("rejects a deletion if the stack's program is gone but its state is not", () => {
  mkdirSync(join(state, "stacks/shop@live"), { recursive: true });
  expect(run("delete")).toMatch(/^127 /);
});
