import { describe, expect, test } from "vitest";
import { secretMark, type Wire } from "../base/engine-side.ts";
import { withCommands } from "./command-engine.ts";

const connection = { host: "h", port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 };

describe("a secret input", () => {
  test("is a secret output too, at any depth; the command's output is not secret", () =>
    withCommands("local", async ({ create }) => {
      const { state } = await create({
        create: secretMark("cat; echo $A"),
        stdin: secretMark("s\n"),
        environment: { A: secretMark("a"), B: "b" },
        interpreter: secretMark(["/bin/sh", "-c"]),
      });
      expect(state).toEqual({
        create: secretMark("cat; echo $A"),
        stdin: secretMark("s\n"),
        environment: { A: secretMark("a"), B: "b" },
        interpreter: secretMark(["/bin/sh", "-c"]),
        stdout: "s\na",
        stderr: "",
      });
    }));

  test("stays secret in a check, a preview and an update", () =>
    withCommands("local", async ({ side, create }) => {
      const made = await create({ create: "true" });
      const inputs = (await side.check({ create: secretMark("echo") })).inputs;
      expect(inputs).toEqual({ create: secretMark("echo") });
      expect((await side.create(inputs, { preview: true })).state).toMatchObject(inputs);
      expect(await side.update(made, inputs, true)).toMatchObject(inputs);
      expect(await side.update(made, inputs)).toMatchObject(inputs);
    }));
});

describe("a connection", () => {
  test("is secret as a whole, and its password again", () =>
    withCommands("remote", async ({ side }) => {
      const { inputs } = await side.check({ create: "true", connection: { ...connection, password: "p" } });
      expect(inputs["connection"]).toEqual(secretMark({ ...connection, password: secretMark("p") }));
    }));
});

describe("a diff of secrets", () => {
  const changes = async (olds: Wire, news: Wire): Promise<unknown> => {
    let answer: unknown;
    await withCommands("remote", async ({ side }) => {
      const state = { ...olds, stdout: "", stderr: "" };
      answer = (await side.diff({ id: "x", inputs: olds, state }, news)).detaileddiffMap.map(([path]) => path).sort();
    });
    return answer;
  };

  test("reports a change inside a secret as a change of the whole, so that a preview shows no part of it", async () => {
    const olds = { connection: secretMark(connection), stdin: "s" };
    expect(
      await changes(olds, { ...olds, connection: secretMark({ ...connection, host: "i", hostKey: "k" }) }),
    ).toEqual(["connection"]);
  });

  test("reports a value that becomes secret, or stops being secret, as a change", async () => {
    const [plain, secret] = [
      { stdin: "s", environment: { A: "a" } },
      { stdin: secretMark("s"), environment: { A: secretMark("a") } },
    ];
    expect(await changes(plain, secret)).toEqual(["environment.A", "stdin"]);
    expect(await changes(secret, plain)).toEqual(["environment.A", "stdin"]);
    expect(await changes(secret, secret)).toEqual([]);
  });

  test("reports an added or removed secret", async () => {
    expect(await changes({}, { stdin: secretMark("s") })).toEqual(["stdin"]);
    expect(await changes({ environment: { A: secretMark("a") } }, {})).toEqual(["environment"]);
  });
});

test("the plugin asks the engine to mark secrets", () =>
  withCommands("local", async ({ side }) => {
    expect((await side.configure({})).getAcceptsecrets()).toBe(true);
  }));
