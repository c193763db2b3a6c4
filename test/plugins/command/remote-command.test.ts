import { describe, expect, test } from "vitest";
import { isSecret, type Wire } from "../base/engine-side.ts";
import { failure, unwrapSecret, withCommands, type CommandEngine } from "./command-engine.ts";
import { withSsh, type SshServer } from "./ssh-server.ts";

const remote = (work: (engine: CommandEngine, server: SshServer) => Promise<void>) =>
  withSsh({}, (server) => withCommands("remote", (engine) => work(engine, server)));

const messages = (engine: CommandEngine) => engine.logs.map((entry) => entry.message);

describe("a remote command", () => {
  test("runs on the server, with stdout and stderr without their last newline as outputs", () =>
    remote(async ({ create }, { connection, commands }) => {
      const command = "printf 'a\\n\\n'; printf '\\n b \\n' >&2";
      const { id, state } = await create({ create: command, connection });
      expect(state).toMatchObject({ stdout: "a\n", stderr: "\n b " });
      expect(id).toMatch(/^thing[0-9a-f]{8}$/);
      expect(commands()).toEqual([command]);
    }));

  test("reads a long stdin to the end, and an empty one if there is none", () =>
    remote(async ({ create }, { connection }) => {
      const long = await create({ create: "wc -c", stdin: "x".repeat(2_500_000), connection });
      const none = await create({ create: "cat; echo end", connection });
      expect(long.state).toMatchObject({ stdout: "2500000" });
      expect(none.state).toMatchObject({ stdout: "end" });
    }));

  test("has a secret connection, with its defaults", () =>
    remote(async ({ create }, { connection, hostKey }) => {
      const { inputs, state } = await create({ create: "true", connection });
      for (const kept of [inputs["connection"], state["connection"]]) {
        expect(isSecret(kept)).toBe(true);
        expect(unwrapSecret(kept)).toMatchObject({ hostKey, user: "root", dialErrorLimit: 10, perDialTimeout: 15 });
      }
    }));

  test("makes no connection in a preview, or without a command to run", () =>
    remote(async ({ side, create }, { connection, connections }) => {
      await side.create({ create: "true", connection }, { preview: true });
      const made = await create({ connection });
      await side.update(made, { create: "true", connection }, true);
      await side.delete(made);
      expect(connections()).toBe(0);
    }));

  test("runs `delete` over the connection of the state", () =>
    remote(async ({ side, create }, { connection, commands }) => {
      const made = await create({ create: "true", delete: "echo gone", connection });
      const other = { connection: { ...connection, host: "nosuch.invalid", dialErrorLimit: 0, perDialTimeout: 0 } };
      await side.delete({ ...made, inputs: { delete: "echo other", ...other } });
      expect(commands()).toEqual(["true", "echo gone"]);
    }));

  test("shows its output line by line while it runs", () =>
    remote(async (engine, { connection }) => {
      await engine.create({ create: "echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three", connection });
      expect(messages(engine)).toEqual(["one", "two", "three"]);
    }));

  test.each([
    ["stdout", ["one"]],
    ["stderr", ["two"]],
    ["none", []],
  ] as const)("shows with logging %s only %j", (logging, lines) =>
    remote(async (engine, { connection }) => {
      await engine.create({ create: "echo one; echo two >&2", logging, connection });
      expect(messages(engine)).toEqual(lines);
    }),
  );

  test("changes when a field of its connection changes", () =>
    remote(async ({ side, create }, { connection }) => {
      const made = await create({ create: "true", connection });
      const difference = await side.diff(made, {
        ...made.inputs,
        connection: { ...connection, port: 1, dialErrorLimit: 10, perDialTimeout: 15 },
      });
      expect(difference).toMatchObject({ changes: 2, replacesList: [] });
    }));
});

describe("a remote command that fails", () => {
  test.each([
    ["exit 3", "Process exited with status 3"],
    ["kill -TERM $$", "Process exited with status 143 from signal TERM"],
    ["kill -KILL $$", "Process exited with status 137 from signal KILL"],
  ])("rejects with the status of %s", (command, reason) =>
    remote(async ({ create }, { connection }) => {
      const inputs = { create: `echo "out"; ${command}`, connection };
      expect(await failure(create(inputs))).toBe(`${reason}: running "echo \\"out\\"; ${command}":\nout\n`);
    }),
  );

  test("rejects a connection that is closed while the command runs", () =>
    remote(async ({ create }, { connection }) => {
      const reason = "wait: remote command exited without exit status or exit signal";
      expect(await failure(create({ create: "cut", connection }))).toBe(`${reason}: running "cut":\nbefore\n`);
    }));

  test("rejects exit code 0 if much of the stdin is unread, as the official plugin does; a little is allowed", () =>
    remote(async ({ create }, { connection }) => {
      const little = await create({ create: "echo done", stdin: "x".repeat(10_000), connection });
      expect(little.state).toMatchObject({ stdout: "done" });
      const much = create({ create: "deaf", stdin: "x".repeat(2_500_000), connection });
      expect(await failure(much)).toBe('EOF: running "deaf":\n');
    }));

  test("rejects output that is not UTF-8 although the command ran", () =>
    remote(async ({ create }, { connection }) => {
      expect(await failure(create({ create: "printf '\\377'", connection }))).toMatch(/invalid UTF-8/);
    }));
});

describe("the environment of a remote command", () => {
  const accepted = { FOO_A: "a b" };

  test("contains the variables that the server accepts", () =>
    remote(async ({ create }, { connection }) => {
      const { state } = await create({ create: "echo $FOO_A", environment: accepted, connection });
      expect(state).toMatchObject({ stdout: "a b" });
    }));

  test("rejects a variable that the server does not accept, and runs nothing", () =>
    remote(async (engine, { connection, commands }) => {
      const creating = engine.create({ create: "true", environment: { ...accepted, BAR: "1" }, connection });
      expect(await failure(creating)).toBe('could not set environment variable "BAR": ssh: setenv failed');
      expect(engine.logs).toMatchObject([{ severity: 3, ephemeral: false }]);
      expect(messages(engine)).toEqual([expect.stringContaining("AcceptEnv")]);
      expect(commands()).toEqual([]);
    }));

  test("lacks the previous output, with a warning, if the server does not accept it", () =>
    remote(async (engine, { connection }) => {
      const made = await engine.create({ create: "echo one; echo two >&2", logging: "none", connection });
      const changed = await engine.update(made, {
        create: "echo x$PULUMI_COMMAND_STDOUT",
        logging: "none",
        connection,
      });
      expect(changed.state).toMatchObject({ stdout: "x" });
      expect(engine.logs).toMatchObject([{ severity: 2 }, { severity: 2 }]);
      expect(messages(engine).join()).toMatch(/PULUMI_COMMAND_STDOUT.*PULUMI_COMMAND_STDERR/);
    }));

  test("contains no previous output with addPreviousOutputInEnv: false", () =>
    remote(async (engine, { connection }) => {
      const inputs: Wire = { create: "echo one", addPreviousOutputInEnv: false, logging: "none", connection };
      await engine.update(await engine.create(inputs), { ...inputs, create: "echo two" });
      expect(engine.logs).toEqual([]);
    }));
});

test("twenty remote commands run at the same time", () =>
  remote(async ({ create }, { connection }) => {
    const numbers = Array.from({ length: 20 }, (_, n) => String(n));
    const made = await Promise.all(numbers.map((n) => create({ create: `echo ${n}`, connection })));
    expect(made.map(({ state }) => state["stdout"])).toEqual(numbers);
  }));
