import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { removeCutAttributes } from "../../../cli/state/attributes.ts";
import { stateFolder } from "../../../cli/state/folder.ts";

let backend: string;
let place: Parameters<typeof stateFolder>[0];
const said: string[] = [];

beforeEach(() => {
  backend = mkdtempSync(join(tmpdir(), "slipway-attributes-"));
  place = { project: "shop", backend, stacks: join(backend, ".pulumi", "stacks", "shop") };
  said.length = 0;
  vi.spyOn(process.stderr, "write").mockImplementation((line) => said.push(String(line)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(backend, { recursive: true });
});

function write(file: string, text: string): string {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function remove(): void {
  removeCutAttributes({ folder: backend, stack: undefined, stacks: [], words: [], environment: {} }, place);
}

describe("the attributes of a stack's state (F87)", () => {
  test.each([
    ["empty", ""],
    ["cut", '{"user.content_type":"text/pl'],
  ])("are removed if they are %s, and the state is not touched", (_, text) => {
    const { file } = stateFolder(place, "live");
    write(file, "the state");
    write(`${file}.attrs`, text);
    remove();
    expect(existsSync(`${file}.attrs`)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("the state");
    expect(said.join("")).toContain("removed the attributes of live's state");
  });

  test("stay if they are whole", () => {
    const attributes = write(`${stateFolder(place, "live").file}.attrs`, '{"md5":"x"}');
    remove();
    expect(readFileSync(attributes, "utf8")).toBe('{"md5":"x"}');
    expect(said).toEqual([]);
  });

  test("stay while a run of the stack is alive, which may be writing them", () => {
    const { file, locks } = stateFolder(place, "live");
    const attributes = write(`${file}.attrs`, "");
    const holder = { pid: process.pid, username: "me", hostname: hostname(), timestamp: new Date().toISOString() };
    write(join(locks, "a.json"), JSON.stringify(holder));
    remove();
    expect(existsSync(attributes)).toBe(true);
  });

  test("are not looked for in a backend that is not there yet", () => {
    remove();
    expect(said).toEqual([]);
  });
});
