import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StateFolder } from "../../../cli/state/folder.ts";
import { requireWholeState } from "../../../cli/state/whole.ts";

const whole = JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{ urn: "urn:pulumi:a" }] } } });
let folder: string;
let state: StateFolder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-state-"));
  const place = (kind: string): string => join(folder, kind, "trial", "test");
  const [backups, history, locks] = [place("backups"), place("history"), place("locks")];
  state = { stack: "test", file: `${place("stacks")}.json`, backups, history, locks };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file that is so many minutes old. */
function write(file: string, text: string, minutes = 0): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, new Date(), new Date(Date.now() - minutes * 60_000));
  return file;
}

describe("the state of a stack (F87)", () => {
  test("is taken where it is whole, also before the first deployment, and where there is none", () => {
    requireWholeState(state);
    write(state.file, JSON.stringify({ version: 3, checkpoint: { latest: { manifest: {} } } }));
    requireWholeState(state);
    write(state.file, whole);
    requireWholeState(state);
  });

  test("is left to Pulumi where it cannot be read", () => {
    mkdirSync(state.file, { recursive: true });
    requireWholeState(state);
  });

  test.each([
    ["empty", ""],
    ["cut", whole.slice(0, -20)],
    ["a JSON document of another kind, from which Pulumi would begin anew", "{}"],
    ["without what makes a resource one", whole.replace("urn:pulumi:a", "").replace('"urn":""', "")],
    ["zeroes, as a file system leaves them after a loss of power", "\0".repeat(whole.length)],
  ])("rejects one that is %s, with the newest copy that is whole", (_, text) => {
    write(state.file, text);
    write(`${state.file}.bak`, text, 1);
    write(join(state.history, "test-2.checkpoint.json"), whole.slice(1), 2);
    const copy = write(join(state.backups, "test.1.json"), whole, 3);
    write(join(state.history, "test-1.checkpoint.json"), whole, 4);
    expect(() => requireWholeState(state)).toThrow(
      `${state.file}: is cut, or was not written by Pulumi; put Pulumi's last whole copy in its place: \`cp ${copy} ${state.file}\`; then `,
    );
  });

  test("rejects one of which there is no copy, with the way to take over what is on the server", () => {
    write(state.file, "");
    expect(() => requireWholeState(state)).toThrow(
      /; restore it from your backup of the backend; without one, .*slipway init/,
    );
  });
});
