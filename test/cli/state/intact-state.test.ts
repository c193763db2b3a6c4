import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StateFolder } from "../../../cli/state/folder.ts";
import { requireIntactState } from "../../../cli/state/intact-state.ts";

const intact = JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{ urn: "urn:pulumi:a" }] } } });
let folder: string;
let state: StateFolder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-state-"));
  const place = (kind: string): string => join(folder, kind, "trial", "test");
  const [backups, history, locks] = [place("backups"), place("history"), place("locks")];
  state = { stack: "test", file: `${place("stacks")}.json`, backups, history, locks, notes: place("notes") };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file that is so many minutes old. */
function write(file: string, text: string, minutes = 0): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, new Date(), new Date(Date.now() - minutes * 60_000));
  return file;
}

/** Tells whether the state is accepted; the same state with one byte less, which is refused, shows that it was read. */
function accepts(text: string): boolean {
  write(state.file, text.slice(0, -1));
  expect(() => requireIntactState(state)).toThrow("is cut, or was not written by Pulumi");
  write(state.file, text);
  requireIntactState(state);
  return true;
}

describe("the state of a stack (F87)", () => {
  test("is accepted if it is intact, also before the first deployment, and is refused with a byte less", () => {
    expect(accepts(JSON.stringify({ version: 3, checkpoint: { latest: { manifest: {} } } }))).toBe(true);
    expect(accepts(intact)).toBe(true);
  });

  test("is left to Pulumi if there is none, or if it cannot be read, whatever copies there are", () => {
    const damaged = write(`${state.file}.bak`, "");
    expect(() => requireIntactState({ ...state, file: damaged })).toThrow("is cut");
    requireIntactState(state);
    mkdirSync(state.file, { recursive: true });
    requireIntactState(state);
  });

  test.each([
    ["empty", ""],
    ["cut", intact.slice(0, -20)],
    ["a JSON document of another kind, with which Pulumi would start from nothing", "{}"],
    ["without what identifies a resource", intact.replace("urn:pulumi:a", "").replace('"urn":""', "")],
    ["zeroes, as a file system leaves them after a loss of power", "\0".repeat(intact.length)],
  ])("rejects one that is %s, and names the newest copy that is intact", (_, text) => {
    write(state.file, text);
    write(`${state.file}.bak`, text, 1);
    write(join(state.history, "test-2.checkpoint.json"), intact.slice(1), 2);
    const copy = write(join(state.backups, "test.1.json"), intact, 3);
    write(join(state.history, "test-1.checkpoint.json"), intact, 4);
    expect(() => requireIntactState(state)).toThrow(
      `${state.file}: is cut, or was not written by Pulumi; replace it with Pulumi's last intact copy: ` +
        `\`cp ${copy} ${state.file}\`; then `,
    );
  });

  test("rejects one without a copy, and says how to take over what is on the server", () => {
    write(state.file, "");
    expect(() => requireIntactState(state)).toThrow(
      /; restore it from your backup of the backend; without one, .*slipway init/,
    );
  });
});
