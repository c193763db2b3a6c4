import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure, withCommands, type CommandEngine } from "./command-engine.ts";

const soon = { timeout: 30_000 };

const local = (work: (engine: CommandEngine) => Promise<void>) => withCommands("local", work);

const shown = (engine: CommandEngine) => engine.logs.map((entry) => entry.message);

describe("a local command", () => {
  test("runs in /bin/sh and keeps stdout and stderr without their last line end", () =>
    local(async ({ create }) => {
      const { id, state } = await create({ create: "printf 'a\\n\\n'; printf '\\n b \\n' >&2; echo $0" });
      expect(state).toMatchObject({ stdout: "a\n\n/bin/sh", stderr: "\n b " });
      expect(id).toMatch(/^thing[0-9a-f]{8}$/);
    }));

  test("without a command runs nothing and has printed nothing", () =>
    local(async ({ create }) => {
      const { state } = await create({ delete: "false" });
      expect(state).toEqual({ delete: "false", stdout: "", stderr: "" });
    }));

  test("reads its stdin, and /dev/null without one", () =>
    local(async ({ create }) => {
      const input = await create({ create: "cat", stdin: "one\ntwo\n" });
      const none = await create({ create: "cat; readlink /proc/self/fd/0" });
      expect(input.state).toMatchObject({ stdout: "one\ntwo" });
      expect(none.state).toMatchObject({ stdout: "/dev/null" });
    }));

  test("may leave its stdin unread, however long", () =>
    local(async ({ create }) => {
      const { state } = await create({ create: "echo done", stdin: "x".repeat(300_000) });
      expect(state).toMatchObject({ stdout: "done" });
    }));

  test("can open /dev/stdin, /dev/stdout and /dev/stderr anew, also after the end of its input", () =>
    local(async ({ create }) => {
      const command = "cat /dev/stdin > /dev/stdout; cat; cat /dev/stdin; echo problem > /dev/stderr";
      const { state } = await create({ create: command, stdin: "document" });
      expect(state).toMatchObject({ stdout: "document", stderr: "problem" });
    }));

  test("leaves no pipe in the file system, even if the plugin is killed while it runs", () =>
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

  test("waits for whoever still holds its output", () =>
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
      "program that is not in PATH",
      { create: "x", interpreter: ["nosuch"] },
      'exec: "nosuch": executable file not found in $PATH: running "x":\n',
    ],
    [
      "program that is not there",
      { create: "x", interpreter: ["/nosuch"] },
      'fork/exec /nosuch: no such file or directory: running "x":\n',
    ],
    [
      "program that may not run",
      { create: "x", interpreter: ["/etc/passwd"] },
      'fork/exec /etc/passwd: permission denied: running "x":\n',
    ],
    [
      "directory that is not there",
      { create: "x", dir: "/nosuch" },
      'chdir /nosuch: no such file or directory: running "x":\n',
    ],
    [
      "directory that is none",
      { create: "x", dir: "/etc/passwd" },
      'fork/exec /bin/sh: not a directory: running "x":\n',
    ],
  ] as const;

  test.each(failures)("rejects with its %s, the command and all output", (_what, inputs, text) =>
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

  test("rejects output that is not UTF-8 though the command ran", () =>
    local(async ({ create }) => {
      expect(await failure(create({ create: "printf '\\377'" }))).toMatch(/invalid UTF-8/);
      expect(await failure(create({ create: "printf '\\377'; exit 1" }))).toMatch(/^exit status 1: .*:\n\ufffd$/);
    }));
});

describe("what is shown of a local command", () => {
  const print = "echo one; echo; sleep 0.1; echo two >&2; sleep 0.1; printf 'three\\r\\nfour'";
  const cases = [
    [undefined, ["one", "", "two", "three", "four"]],
    ["stdoutAndStderr", ["one", "", "two", "three", "four"]],
    ["stdout", ["one", "", "three", "four"]],
    ["stderr", ["two"]],
    ["none", []],
    ["bogus", []],
  ] as const;

  test.each(cases)("with logging %s are the lines of these streams, for a moment", (logging, lines) =>
    local(async (engine) => {
      await engine.create({ create: print, ...(logging && { logging }) });
      expect(shown(engine)).toEqual(lines);
      for (const entry of engine.logs) {
        expect(entry).toMatchObject({ severity: 1, ephemeral: true });
        expect(entry.urn).toMatch(/::thing$/);
      }
    }),
  );

  test("is there while the command still runs", () =>
    local(async (engine) => {
      const directory = mkdtempSync(join(tmpdir(), "slipway-test-"));
      const gate = join(directory, "gate");
      const running = engine.create({ create: `echo waiting; mkfifo ${gate}; cat ${gate}` });
      await expect.poll(() => shown(engine), soon).toEqual(["waiting"]);
      await engine.create({ create: `until [ -p ${gate} ]; do :; done; echo go > ${gate}`, logging: "none" });
      expect((await running).state).toMatchObject({ stdout: "waiting\ngo" });
      rmSync(directory, { recursive: true });
    }));

  test("rejects a line that the official plugin would never get past", () =>
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
    await expect.poll(() => shown(engine), soon).toEqual(["up"]);
    await engine.cancel();
    expect(await running).toBe('signal: killed: running "echo up; exec sleep 60":\nup\n');
  }));

test("a local command is not started after Ctrl-C", () =>
  local(async (engine) => {
    await engine.cancel();
    expect(await failure(engine.create({ create: "sleep 60" }))).toBe('context canceled: running "sleep 60":\n');
  }));

test("a local command that outlives its customTimeouts is killed", () =>
  local(async ({ side }) => {
    const create = (timeout: number) => failure(side.create({ create: "exec sleep 60" }, { timeout }));
    // On a busy machine the time may be over before the command has begun.
    const tooShort = (said: string) => said.startsWith("context deadline exceeded");
    let said = await create(0.1);
    for (let timeout = 1; tooShort(said) && timeout < 30; timeout *= 2) said = await create(timeout);
    expect(said).toBe('signal: killed: running "exec sleep 60":\n');
  }));
