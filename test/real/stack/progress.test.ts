import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ended } from "../../../process/child.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { writeSmallApplication } from "./small-stack.ts";

const long = 600_000;
let opened: AapertureServer;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
}, long);
afterAll(() => opened.close());

/** A release whose service opens its port after four seconds, and must then answer well for four more. */
async function write(version: string): Promise<void> {
  const { image } = await opened.started.buildAppRelease({ version, bootDelay: "4s" });
  writeSmallApplication(opened, {
    compose: { services: { web: { build: ".", ports: ["8080:8080"] } } },
    services: { web: { release: true, health: "/health" } },
    ports: { web: 18080 },
    keys: { watch: "3 seconds", gate: { answers: 20, window: "4 seconds", interval: "200 milliseconds" } },
    release: { version, images: { web: image } },
  });
}

/** The words before a command that let it run on a wide terminal. */
const onTerminal = ["sh", "-c", 'exec script -qefc "stty cols 240 rows 50; $*" /dev/null', "sh"];

/** The lines of an output, without what steers the terminal. */
function linesOf({ stdout }: Ended): string[] {
  const text = stdout.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
  return text.split(/[\r\n]+/).map((line) => line.trimEnd());
}

/** What a run shows beside its stack, without repetitions and without times. */
function shownBy(run: Ended): string[] {
  const beside = /pulumi:pulumi:Stack +aaperture-staging +(?:running|(?:creating|updating) \(\d+s\))[. ]+(.*)/;
  const all = linesOf(run).flatMap((line) => beside.exec(line)?.[1] ?? []);
  const shown = all.map((text) => text.replaceAll(/\b[\d.]+ s\b/g, "… s"));
  return shown.filter((text, at) => text !== shown[at - 1]);
}

describe.each([
  { where: "without a terminal", version: "1.0.0", runner: [] },
  { where: "on a terminal", version: "1.1.0", runner: onTerminal },
])("a run $where", ({ where, version, runner }) => {
  let run: Ended;

  beforeAll(async () => {
    await write(version);
    opened.aaperture.runner = runner;
    run = await opened.aaperture.slipway(["up", "--yes"], "staging", opened.server);
    expect(run.code, run.stdout + run.stderr).toBe(0);
  }, long);

  test("shows the state of the gate and each change of it, then the watch", () => {
    const shown = shownBy(run).filter((text) => /^(gate|watch) /.test(text));
    expect(shown[0]).toMatch(/^gate … s: 'web' answered connect ECONNREFUSED/);
    const good = shown.filter((text) => /^gate … s: 'web' gave \d+ of 20 good answers in a row/.test(text));
    expect(new Set(good).size).toBeGreaterThan(1);
    expect(shown.at(-1)).toMatch(/^watch … s: watches for … s; every answer was good/);
    const done = shown.filter((text) => / \((.*, )?up … s, gate … s, /.test(text));
    expect(done.length > 0).toBe(where === "on a terminal");
  });

  test("ends with a line of its phases that stays, and repeats nothing else of its progress", () => {
    const lines = linesOf(run);
    const end = lines.slice(lines.indexOf("Diagnostics:"));
    const phases = /^ *phases: (.*, )?up [\d.]+ s, gate [\d.]+ s, .*watch [\d.]+ s/;
    expect(end.filter((line) => phases.test(line))).toHaveLength(1);
    expect(end.filter((line) => /(gate|watch) \d+ s:/.test(line))).toEqual([]);
  });
});
