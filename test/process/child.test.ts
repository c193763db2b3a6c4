import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { runChild, runChildSync } from "../../process/child.ts";

const sh = (script: string): string[] => ["sh", "-c", script];

describe("a child process", () => {
  it("gives its exit code and both outputs apart, as text and as bytes", async () => {
    expect(await runChild(sh("echo out; printf '\\377'; echo err >&2; exit 3"))).toEqual({
      code: 3,
      stdout: "out\n\ufffd",
      stderr: "err\n",
      bytes: Buffer.from("6f75740aff", "hex"),
    });
  });

  it("gets its input, environment and folder", async () => {
    const options = { stdin: "word", env: { PATH: process.env["PATH"], A: "b" }, cwd: "/" };
    expect((await runChild(sh('echo "$(cat) $A $PWD"'), options)).stdout).toBe("word b /\n");
  });

  it("may leave a long input unread", async () => {
    expect((await runChild(["true"], { stdin: "x".repeat(1_000_000) })).code).toBe(0);
  });

  it("ends with 127 and the reason if there is no such program", async () => {
    expect(await runChild(["/nowhere/hammer"])).toMatchObject({
      code: 127,
      stderr: "spawn /nowhere/hammer ENOENT",
      fault: "not started",
    });
  });

  it("ends with 128 and the number of the signal that ended it", async () => {
    const { code, fault } = await runChild(sh("kill -TERM $$"));
    expect({ code, fault }).toEqual({ code: 143, fault: undefined });
  });

  it("is killed at its deadline with its whole group", async () => {
    const ended = await runChild(sh("sleep 60 & echo begun; wait"), { deadline: 300, group: true });
    expect(ended).toMatchObject({ code: 137, stdout: "begun\n", fault: "too late" });
  });

  it("is killed when it writes more than the limit", async () => {
    const { code, fault } = await runChild(["yes"], { limit: 100_000 });
    expect({ code, fault }).toEqual({ code: 137, fault: "too much output" });
  });

  it("gives each line of both outputs as it comes", async () => {
    const lines: string[] = [];
    await runChild(sh("echo one; echo two >&2; printf three"), { onLine: (line) => lines.push(line) });
    expect(lines.sort()).toEqual(["one", "three", "two"]);
  });
});

describe("a child process that blocks this one", () => {
  it("gives the same result", () => {
    expect(runChildSync(sh("pwd; echo err >&2; exit 3"), { cwd: "/" })).toMatchObject({
      code: 3,
      stdout: "/\n",
      stderr: "err\n",
    });
    expect(runChildSync(sh("kill -KILL $$")).code).toBe(137);
    expect(runChildSync(["/nowhere/hammer"])).toMatchObject({
      code: 127,
      stderr: "spawnSync /nowhere/hammer ENOENT",
      fault: "not started",
    });
  });
});
