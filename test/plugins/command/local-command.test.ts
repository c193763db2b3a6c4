import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure, withCommands, type CommandEngine } from "./command-engine.ts";

const polling = { timeout: 30_000 };

const local = (work: (engine: CommandEngine) => Promise<void>) => withCommands("local", work);

const shown = (engine: CommandEngine) => engine.logs.map((entry) => entry.message);

describe("a local command", () => {
  test("runs in /bin/sh, with stdout and stderr without their last newline as outputs", () =>
    local(async ({ create }) => {
      const { id, state } = await create({ create: "printf 'a\\n\\n'; printf '\\n b \\n' >&2; echo $0" });
      expect(state).toMatchObject({ stdout: "a\n\n/bin/sh", stderr: "\n b " });
      expect(id).toMatch(/^thing[0-9a-f]{8}$/);
    }));

  test("runs nothing and has empty output if there is no `create`", () =>
    local(async ({ create }) => {
      const { state } = await create({ delete: "false" });
      expect(state).toEqual({ delete: "false", stdout: "", stderr: "" });
    }));

  test("reads its stdin, or /dev/null if there is none", () =>
    local(async ({ create }) => {
      const input = await create({ create: "cat", stdin: "one\ntwo\n" });
      const none = await create({ create: "cat; readlink /proc/self/fd/0" });
      expect(input.state).toMatchObject({ stdout: "one\ntwo" });
      expect(none.state).toMatchObject({ stdout: "/dev/null" });
    }));

  test("succeeds without reading a long stdin", () =>
    local(async ({ create }) => {
      const { state } = await create({ create: "echo done", stdin: "x".repeat(300_000) });
      expect(state).toMatchObject({ stdout: "done" });
    }));

  test("can reopen /dev/stdin, /dev/stdout and /dev/stderr, also after the end of its input", () =>
    local(async ({ create }) => {
      const command = "cat /dev/stdin > /dev/stdout; cat; cat /dev/stdin; echo problem > /dev/stderr";
      const { state } = await create({ create: command, stdin: "document" });
      expect(state).toMatchObject({ stdout: "document", stderr: "problem" });
    }));

  test("runs with deleted pipes, so that a killed plugin leaves none in the file system", () =>
    local(async ({ create }) => {
      const command = "cat > /dev/null; for end in 0 1 2; do ls -l /proc/$$/fd/$end; done";
      const { state } = await create({ create: command, stdin: "document" });
      expect(state["stdout"]).toMatch(/^(.* \(deleted\)\n?){3}$/);
    }));

  test("runs in another interpreter, directory and environment", () =>
    local(async ({ create }) => {
      const words = await create({
        create: "words",
        interpreter: ["/bin/sh", "-c", 'echo "$0 in $PWD has $A"'],
        dir: "/usr",
        environment: { A: "a b" },
      });
      const byName = await create({ create: "echo $0", interpreter: ["sh", "-c"] });
      const empty = await create({ create: "echo $0", interpreter: [] });
      expect(words.state).toMatchObject({ stdout: "words in /usr has a b" });
      expect(byName.state).toMatchObject({ stdout: "sh" });
      expect(empty.state).toMatchObject({ stdout: "/bin/sh" });
    }));

  test("ends when all its child processes have closed its output", () =>
    local(async ({ create }) => {
      const { state } = await create({ create: "(sleep 0.2; echo late) & echo early" });
      expect(state).toMatchObject({ stdout: "early\nlate" });
    }));
});

describe("a local command that fails", () => {
  const failures = [
    [
      "exit status",
      { create: "echo out; echo err >&2; exit 3" },
      'exit status 3: running "echo out; echo err >&2; exit 3":\nout\nerr\n',
    ],
    ["signal", { create: "kill -TERM $$" }, 'signal: terminated: running "kill -TERM $$":\n'],
    [
      "program that is not on PATH",
      { create: "x", interpreter: ["nosuch"] },
      'exec: "nosuch": executable file not found in $PATH: running "x":\n',
    ],
    [
      "missing program",
      { create: "x", interpreter: ["/nosuch"] },
      'fork/exec /nosuch: no such file or directory: running "x":\n',
    ],
    [
      "program that is not executable",
      { create: "x", interpreter: ["/etc/passwd"] },
      'fork/exec /etc/passwd: permission denied: running "x":\n',
    ],
    ["missing directory", { create: "x", dir: "/nosuch" }, 'chdir /nosuch: no such file or directory: running "x":\n'],
    [
      "file instead of a directory",
      { create: "x", dir: "/etc/passwd" },
      'fork/exec /bin/sh: not a directory: running "x":\n',
    ],
  ] as const;

  test.each(failures)("rejects with the %s, the command and all output", (_what, inputs, text) =>
    local(async ({ create }) => {
      expect(await failure(create(inputs))).toBe(text);
    }),
  );

  test("rejects with the command quoted as Go quotes it", () =>
    local(async ({ create }) => {
      const command = 'exit 1\t# "\\ é\u00a0\u0001\u200b😀\nend';
      const quoted = '"exit 1\\t# \\"\\\\ é\\u00a0\\x01\\u200b😀\\nend"';
      expect(await failure(create({ create: command }))).toBe(`exit status 1: running ${quoted}:\n`);
    }));

  test("rejects output that is not UTF-8 although the command ran", () =>
    local(async ({ create }) => {
      expect(await failure(create({ create: "printf '\\377'" }))).toMatch(/invalid UTF-8/);
      expect(await failure(create({ create: "printf '\\377'; exit 1" }))).toMatch(/^exit status 1: .*:\n\ufffd$/);
    }));
});

describe("the shown output of a local command", () => {
  const print = "echo one; echo; sleep 0.1; echo two >&2; sleep 0.1; printf 'three\\r\\nfour'";
  const cases = [
    [undefined, ["one", "", "two", "three", "four"]],
    ["stdoutAndStderr", ["one", "", "two", "three", "four"]],
    ["stdout", ["one", "", "three", "four"]],
    ["stderr", ["two"]],
    ["none", []],
    ["bogus", []],
  ] as const;

  test.each(cases)("with logging %s is: %j", (logging, lines) =>
    local(async (engine) => {
      await engine.create({ create: print, ...(logging && { logging }) });
      expect(shown(engine)).toEqual(lines);
      for (const entry of engine.logs) {
        expect(entry).toMatchObject({ severity: 1, ephemeral: true });
        expect(entry.urn).toMatch(/::thing$/);
      }
    }),
  );

  test("appears while the command runs", () =>
    local(async (engine) => {
      const directory = mkdtempSync(join(tmpdir(), "slipway-test-"));
      const gate = join(directory, "gate");
      const running = engine.create({ create: `echo waiting; mkfifo ${gate}; cat ${gate}` });
      await expect.poll(() => shown(engine), polling).toEqual(["waiting"]);
      await engine.create({ create: `until [ -p ${gate} ]; do :; done; echo go > ${gate}`, logging: "none" });
      expect((await running).state).toMatchObject({ stdout: "waiting\ngo" });
      rmSync(directory, { recursive: true });
    }));

  test("rejects a line that is too long for the official plugin", () =>
    local(async ({ create }) => {
      const line = (bytes: number) => `head -c ${bytes} /dev/zero | tr '\\0' x; echo`;
      expect((await create({ create: line(65_535) })).state["stdout"]).toHaveLength(65_535);
      expect((await create({ create: line(65_536), logging: "none" })).state["stdout"]).toHaveLength(65_536);
      expect(await failure(create({ create: line(65_536) }))).toMatch(/^output: a line of 64 KiB/);
    }));
});

test("Ctrl-C kills a local command", () =>
  local(async (engine) => {
    const running = failure(engine.create({ create: "echo up; exec sleep 60" }));
    await expect.poll(() => shown(engine), polling).toEqual(["up"]);
    await engine.cancel();
    expect(await running).toBe('signal: killed: running "echo up; exec sleep 60":\nup\n');
  }));

test("a local command is not started after Ctrl-C", () =>
  local(async (engine) => {
    await engine.cancel();
    expect(await failure(engine.create({ create: "sleep 60" }))).toBe('context canceled: running "sleep 60":\n');
  }));

test("a local command is killed at the end of its customTimeouts", () =>
  local(async ({ side }) => {
    const create = (timeout: number) => failure(side.create({ create: "exec sleep 60" }, { timeout }));
    // On a busy machine the timeout may fire before the command has started.
    const tooShort = (message: string) => message.startsWith("context deadline exceeded");
    let message = await create(0.1);
    for (let timeout = 1; tooShort(message) && timeout < 30; timeout *= 2) message = await create(timeout);
    expect(message).toBe('signal: killed: running "exec sleep 60":\n');
  }));
