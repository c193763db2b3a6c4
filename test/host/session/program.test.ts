import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { installProgram, sweepPrograms, touchProgram } from "../../../host/session/program.ts";
import { stackPlaces } from "../../../host/places.ts";

function server() {
  const state = mkdtempSync(join(tmpdir(), "slipway-program-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const places = stackPlaces({ state, run: join(state, "run") }, "shop/staging");
  const aged = (path: string, days: number): string => {
    const full = join(state, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, "");
    const time = Date.now() / 1000 - days * 86_400;
    utimesSync(full, time, time);
    return full;
  };
  return { state, run: places.run, places, launcher: join(places.stackState, "slipway"), aged };
}

describe("the launcher of a stack", () => {
  it("runs the program under an environment of its own, from the top folder (F18)", () => {
    const { places, launcher, state } = server();
    const runtime = join(state, "node");
    writeFileSync(runtime, '#!/bin/sh\necho "$@"\npwd\numask\nulimit -c\nenv\n');
    chmodSync(runtime, 0o700);
    installProgram(places, { runtime, program: "/x/a.cjs" });
    expect(statSync(launcher).mode & 0o777).toBe(0o755);
    const { stdout } = spawnSync(launcher, ["verb", "a b"], { encoding: "utf8", env: { SECRET: "canary", LANG: "x" } });
    expect(stdout.split("\n").slice(0, 4)).toEqual(["/x/a.cjs verb a b", "/", "0077", "0"]);
    expect(stdout).toMatch(/^HOME=\/root$[^]*^LC_ALL=C$/m);
    expect(stdout).not.toMatch(/canary|LANG/);
  });

  it("is written again only if it is another one", () => {
    const { places, launcher } = server();
    const own = { runtime: "/r/node", program: "/p/one.cjs" };
    installProgram(places, own);
    const { ino } = statSync(launcher);
    installProgram(places, own);
    expect(statSync(launcher).ino).toBe(ino);
    installProgram(places, { ...own, program: "/p/two.cjs" });
    expect(readFileSync(launcher, "utf8")).toContain("'/r/node' '/p/two.cjs'");
    chmodSync(launcher, 0o600);
    installProgram(places, { ...own, program: "/p/two.cjs" });
    expect(statSync(launcher).mode & 0o777).toBe(0o755);
  });
});

describe("the programs and runtimes of a server", () => {
  it("are removed a day after their last use, unless a stack runs them", () => {
    const { state, run, places, aged } = server();
    const runtime = aged("runtime/node-24.21.0-x64/node", 9);
    const program = aged("program/named.cjs", 9);
    installProgram(places, { runtime, program });
    const compiled = aged("run/compiled/named.cjs.v24.21.0", 9);
    const kept = [runtime, program, compiled, aged("program/recent.cjs", 0.5), aged("program/.draft.recent", 0)];
    const gone = [
      aged("run/compiled/old.cjs.v24.21.0", 2),
      aged("run/compiled/long-gone.cjs.v24.21.0.17", 0),
      aged("program/old.cjs", 2),
      aged("program/.draft.old", 2),
      aged("runtime/node-22.0.0-x64/node", 2),
      aged("runtime/node-22.0.0-x64/.draft.old", 2),
      aged("runtime/node-24.21.0-x64/.draft.old", 2),
    ];
    sweepPrograms({ state, run });
    expect(kept.filter((path) => !existsSync(path))).toEqual([]);
    expect(gone.filter((path) => existsSync(path))).toEqual([]);
    expect(existsSync(join(state, "runtime", "node-22.0.0-x64"))).toBe(false);
  });

  it("are known by their real paths, since the folder of a server's state may be a link", () => {
    const { state, run, places, aged } = server();
    const link = `${state}-link`;
    symlinkSync(state, link);
    onTestFinished(() => rmSync(link));
    const kept = [aged("runtime/node-24.21.0-x64/node", 9), aged("program/named.cjs", 9)] as const;
    installProgram(places, { runtime: kept[0], program: kept[1] });
    const touched = aged("program/mine.cjs", 9);
    touchProgram({ state: link }, { runtime: kept[0], program: touched });
    sweepPrograms({ state: link, run });
    expect([...kept, touched].filter((path) => !existsSync(path))).toEqual([]);
  });

  it("are in use as long as a process runs them, and nothing outside of their folder is touched", () => {
    const { state, run, aged } = server();
    const program = aged("program/mine.cjs", 2);
    const outside = join(tmpdir(), `slipway-outside-${process.pid}`);
    writeFileSync(outside, "");
    onTestFinished(() => rmSync(outside));
    utimesSync(outside, 1, 1);
    touchProgram({ state }, { runtime: outside, program });
    sweepPrograms({ state, run });
    expect(existsSync(program)).toBe(true);
    expect(statSync(outside).mtimeMs).toBe(1000);
  });
});
