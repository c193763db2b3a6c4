import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unknownMark, type Wire } from "../base/engine-side.ts";
import { failure, withCommands, type CommandEngine } from "./command-engine.ts";

const local = (work: (engine: CommandEngine) => Promise<void>) => withCommands("local", work);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipway-test-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A command that logs its name and the previous output. */
const note = (what: string) =>
  `echo "${what} $PULUMI_COMMAND_STDOUT" >> ${directory}/log; echo ${what}; echo problem >&2`;
const noted = () =>
  readFileSync(join(directory, "log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim());

describe("a command resource", () => {
  test("runs `create`, `update` and `delete` on create, change and delete, with the previous output", () =>
    local(async ({ side, create, update }) => {
      const inputs = { create: note("made"), update: note("changed"), delete: note("gone") };
      const made = await create(inputs);
      const changed = await update(made, { ...inputs, stdin: "x" });
      await side.delete(changed);
      expect(noted()).toEqual(["made", "changed made", "gone changed"]);
    }));

  test("runs `create` again on a change if it has no `update`", () =>
    local(async ({ create, update }) => {
      const made = await create({ create: note("made") });
      const changed = await update(made, { create: note("made again") });
      expect(noted()).toEqual(["made", "made again made"]);
      expect(changed.state).toMatchObject({ stdout: "made again", stderr: "problem" });
    }));

  test("runs nothing on a change or delete without a command for it, and keeps the old output", () =>
    local(async ({ side, create, update }) => {
      const made = await create({ create: note("made") });
      const changed = await update(made, { environment: { A: "1" } });
      await side.delete(changed);
      expect(noted()).toEqual(["made"]);
      expect(changed.state).toEqual({ environment: { A: "1" }, stdout: "made", stderr: "problem" });
    }));

  test("runs the `delete` of the state, not that of the program", () =>
    local(async ({ side, create }) => {
      const made = await create({ create: "true", delete: note("old") });
      await side.delete({ ...made, inputs: { create: "true", delete: note("new") } });
      expect(noted()).toEqual(["old"]);
    }));

  test("runs without the previous output if addPreviousOutputInEnv is false", () =>
    local(async ({ create, update }) => {
      const made = await create({ create: note("made") });
      await update(made, { create: note("again"), addPreviousOutputInEnv: false });
      expect(noted()).toEqual(["made", "again"]);
    }));

  test("rejects a change whose command fails, with the command's output", () =>
    local(async ({ create, update }) => {
      const made = await create({ create: "echo made" });
      expect(await failure(update(made, { create: "echo no; exit 7" }))).toBe(
        'exit status 7: running "echo no; exit 7":\nno\n',
      );
    }));
});

describe("a preview", () => {
  const preview = async ({ side, create }: CommandEngine, olds: Wire, news: Wire) => {
    const old = await create(olds);
    const { inputs } = await side.check(news, old.inputs);
    return side.update(old, inputs, true);
  };

  test("of a new command runs nothing, and shows a preliminary id and unknown output", () =>
    local(async ({ side }) => {
      const { id, state } = await side.create({ create: note("made") }, { preview: true });
      expect(id).toMatch(/^thing[0-9a-f]{8}$/);
      expect(state).toEqual({ create: note("made"), stdout: unknownMark, stderr: unknownMark });
      expect(noted).toThrow();
    }));

  test("of a changed input shows unknown output", () =>
    local(async (engine) => {
      const state = await preview(engine, { create: "echo 1" }, { create: "echo 2" });
      expect(state).toEqual({ create: "echo 2", stdout: unknownMark, stderr: unknownMark });
    }));

  test("of an unknown input shows unknown output", () =>
    local(async (engine) => {
      const state = await preview(engine, { create: "echo 1" }, { create: "echo 1", stdin: unknownMark });
      expect(state).toMatchObject({ stdin: unknownMark, stdout: unknownMark, stderr: unknownMark });
    }));

  test("of a removed input shows unknown output", () =>
    local(async (engine) => {
      const state = await preview(engine, { create: "echo 1", stdin: "x" }, { create: "echo 1" });
      expect(state).toEqual({ create: "echo 1", stdout: unknownMark, stderr: unknownMark });
    }));

  test("of an added input shows the old output although the command will run, as in the official plugin", () =>
    local(async (engine) => {
      const state = await preview(engine, { create: "echo 1" }, { create: "echo 1", stdin: "x" });
      expect(state).toEqual({ create: "echo 1", stdin: "x", stdout: "1", stderr: "" });
    }));

  test("of unchanged inputs shows the old output", () =>
    local(async (engine) => {
      expect(await preview(engine, { create: "echo 1" }, { create: "echo 1" })).toMatchObject({ stdout: "1" });
    }));
});

describe("a diff", () => {
  const changed = async (olds: Wire, news: Wire): Promise<unknown> => {
    let answer: unknown;
    await local(async ({ side, create }) => {
      const old = await create(olds);
      const difference = await side.diff(old, (await side.check(news)).inputs);
      answer = { changes: difference.diffsList, replaces: difference.replacesList };
    });
    return answer;
  };

  test("reports every input that differs, and never a replacement", async () => {
    const olds = { create: "true", update: "true", delete: "true", stdin: "a", dir: "/", environment: { A: "1" } };
    for (const [name, value] of Object.entries({
      create: "false",
      update: "false",
      delete: "false",
      stdin: "b",
      dir: "/usr",
      environment: { A: "2" },
    })) {
      expect(await changed(olds, { ...olds, [name]: value })).toEqual({ changes: [name], replaces: [] });
    }
  });

  test("reports nothing for equal inputs, and for a null instead of an absent input", async () => {
    expect(await changed({ create: "true" }, { create: "true", stdin: null })).toEqual({ changes: [], replaces: [] });
  });
});

describe("the check of inputs", () => {
  const refused = async (type: "local" | "remote", inputs: Wire): Promise<readonly string[]> => {
    let reasons: readonly string[] = [];
    await withCommands(type, async ({ side }) => {
      reasons = (await side.check(inputs)).failures;
    });
    return reasons;
  };
  const connection = { host: "h", password: "SECRET" };

  test.each([
    ["local", { create: "x", triggers: [1] }, /^triggers: the offline plugin does not support "triggers"/],
    ["local", { create: "x", assetPaths: ["*"] }, /^assetPaths: .*does not support/],
    [
      "remote",
      { connection: { ...connection, privateKey: "SECRET" } },
      /^connection\.privateKey: .*does not support "privateKey"/,
    ],
    [
      "remote",
      { connection: { ...connection, proxy: { host: "SECRET" } } },
      /^connection\.proxy: .*does not support "proxy"/,
    ],
    ["remote", { connection: { ...connection, bogus: "SECRET" } }, /^connection\.bogus: /],
    ["remote", { create: "x" }, /^connection: /],
    ["remote", { connection: { user: "root" } }, /^connection\.host: /],
    ["remote", { connection: { host: "h", port: "22" } }, /^connection\.port: /],
    ["local", { create: 5 }, /^create: /],
    ["local", { environment: { A: 1 } }, /^environment\.A: /],
    ["local", { interpreter: "sh" }, /^interpreter: /],
  ] as const)("rejects by name, without the value: %s %j", async (type, inputs, reason) => {
    const reasons = await refused(type, inputs);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(reasons.join()).not.toContain("SECRET");
  });

  test("rejects the official plugin's functions", () =>
    withCommands("local", async ({ side }) => {
      expect(await failure(side.invoke("command:local:run"))).toMatch(/does not support "command:local:run"/);
    }));

  test("accepts unknown values", async () => {
    expect(await refused("remote", { create: unknownMark, connection: unknownMark })).toEqual([]);
    expect(await refused("remote", { create: "x", connection: { host: unknownMark, hostKey: unknownMark } })).toEqual(
      [],
    );
  });
});
