import { describe, expect, test } from "vitest";
import { secretMark, type Wire } from "../base/engine-side.ts";
import { withCommands } from "./command-engine.ts";

const connection = { host: "h", port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 };

describe("a secret input", () => {
  test("is secret among the outputs too, wherever it stands; what the command prints of it is not", () =>
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

  test("stays secret when it is checked, in a preview and in an update", () =>
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
  test("is secret, and the password in it once more", () =>
    withCommands("remote", async ({ side }) => {
      const { inputs } = await side.check({ create: "true", connection: { ...connection, password: "p" } });
      expect(inputs["connection"]).toEqual(secretMark({ ...connection, password: secretMark("p") }));
    }));
});

describe("a change", () => {
  const changes = async (olds: Wire, news: Wire): Promise<unknown> => {
    let answer: unknown;
    await withCommands("remote", async ({ side }) => {
      const state = { ...olds, stdout: "", stderr: "" };
      answer = (await side.diff({ id: "x", inputs: olds, state }, news)).detaileddiffMap.map(([path]) => path).sort();
    });
    return answer;
  };

  test("within a secret is one of the whole, so that a preview shows no part of it", async () => {
    const olds = { connection: secretMark(connection), stdin: "s" };
    expect(
      await changes(olds, { ...olds, connection: secretMark({ ...connection, host: "i", hostKey: "k" }) }),
    ).toEqual(["connection"]);
  });

  test("is to become secret, and to cease to be, though the value stays", async () => {
    const [plain, secret] = [
      { stdin: "s", environment: { A: "a" } },
      { stdin: secretMark("s"), environment: { A: secretMark("a") } },
    ];
    expect(await changes(plain, secret)).toEqual(["environment.A", "stdin"]);
    expect(await changes(secret, plain)).toEqual(["environment.A", "stdin"]);
    expect(await changes(secret, secret)).toEqual([]);
  });

  test("is a secret that is added or taken away", async () => {
    expect(await changes({}, { stdin: secretMark("s") })).toEqual(["stdin"]);
    expect(await changes({ environment: { A: secretMark("a") } }, {})).toEqual(["environment"]);
  });
});

test("the plugin asks the engine to show it what is secret", () =>
  withCommands("local", async ({ side }) => {
    expect((await side.configure({})).getAcceptsecrets()).toBe(true);
  }));
