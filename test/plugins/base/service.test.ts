import { Server, ServerCredentials } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { expect, test } from "vitest";
import { z } from "zod";
import { resourceType, type ResourceDefinition } from "../../../toolchain/plugins/base/resource-type.ts";
import type { Provider } from "../../../toolchain/plugins/base/provider.ts";
import { listen } from "../../../toolchain/plugins/base/serve.ts";
import { EngineSide, secretMark, unknownMark, withProvider } from "./engine-side.ts";

const token = "demo:index:Note";
const inputs = z.strictObject({
  text: z.string(),
  place: z.strictObject({ shelf: z.number().optional(), room: z.string() }).optional(),
  password: z.string().optional(),
});
const state = z.looseObject({ length: z.number() });

type Definition = ResourceDefinition<z.infer<typeof inputs>, z.infer<typeof state>>;

function demo(overrides: Partial<Definition> = {}, configure?: Provider["configure"]): Provider {
  const note: Definition = {
    token,
    inputs,
    state,
    computed: ["length"],
    secrets: ["password"],
    replaceOnChanges: ["place"],
    create: (given) => Promise.resolve({ id: "1", state: { text: given.text, length: given.text.length } }),
    update: (_old, news) => Promise.resolve({ text: news.text, length: news.text.length }),
    ...overrides,
  };
  return { name: "demo", version: "1.2.3", resources: [resourceType(note)], ...(configure && { configure }) };
}

function running(provider: Provider, work: (engine: EngineSide) => Promise<void>): Promise<void> {
  return withProvider(provider, token, work);
}

const old = { id: "1", inputs: { text: "a" }, state: { text: "a", length: 1 } };

test("a create returns id and outputs; its preview returns inputs and unknown outputs without an id", () =>
  running(demo(), async (engine) => {
    expect(await engine.create({ text: "four" })).toEqual({ id: "1", state: { text: "four", length: 4 } });
    const preview = await engine.create({ text: unknownMark }, { preview: true });
    expect(preview).toEqual({ id: "", state: { text: unknownMark, length: unknownMark } });
  }));

test("an update returns outputs; its preview returns unknown ones", () =>
  running(demo(), async (engine) => {
    expect(await engine.update(old, { text: "bb" })).toEqual({ text: "bb", length: 2 });
    expect(await engine.update(old, { text: "bb" }, true)).toEqual({ text: "bb", length: unknownMark });
  }));

test("a secret output is sent wrapped; a secret configuration arrives unwrapped", async () => {
  const seen: unknown[] = [];
  const create: Definition["create"] = () => Promise.resolve({ id: "1", state: { password: "hush", length: 0 } });
  const provider = demo({ create }, (config) => Promise.resolve(void seen.push(config)));
  await running(provider, async (engine) => {
    const answer = await engine.configure({ key: secretMark("k"), version: "1.2.3" });
    expect(answer.toObject()).toMatchObject({ supportspreview: true, acceptsecrets: false });
    expect((await engine.create({ text: "" })).state["password"]).toEqual(secretMark("hush"));
    expect((await engine.check({ text: "", password: "hush" })).inputs["password"]).toEqual(secretMark("hush"));
  });
  expect(seen).toEqual([{ key: "k" }]);
});

test("a diff lists every changed path, and which of them need a replacement", () =>
  running(demo(), async (engine) => {
    const before = { ...old, inputs: { text: "a", password: "p", place: { shelf: 1, room: "x" } } };
    const diff = await engine.diff(before, { text: "b", place: { shelf: 2, room: "x" } });
    expect(diff.detaileddiffMap).toEqual([
      ["password", { kind: 2, inputdiff: false }],
      ["place.shelf", { kind: 5, inputdiff: false }],
      ["text", { kind: 4, inputdiff: false }],
    ]);
    expect(diff).toMatchObject({ changes: 2, replacesList: ["place"], diffsList: ["password", "place", "text"] });
  }));

test("a diff of equal or ignored inputs finds no change", () =>
  running(demo(), async (engine) => {
    expect(await engine.diff(old, { text: "a", password: null })).toMatchObject({ changes: 1, detaileddiffMap: [] });
    expect(await engine.diff(old, { text: "a", place: { room: "x" } }, ["place"])).toMatchObject({ changes: 1 });
  }));

test("a new unknown value counts as a change", () =>
  running(demo(), async (engine) => {
    expect(await engine.diff(old, { text: unknownMark })).toMatchObject({ changes: 2, diffsList: ["text"] });
  }));

test("refresh and destroy do nothing to a resource type without read and delete", () =>
  running(demo(), async (engine) => {
    await engine.delete(old);
    expect(await engine.read(old)).toEqual(old);
  }));

test("the read of a resource that no longer exists returns nothing", () =>
  running(demo({ read: () => Promise.resolve(undefined) }), async (engine) => {
    expect(await engine.read(old)).toEqual({ id: "", inputs: {}, state: {} });
  }));

test("rejects an input that only the official plugin supports, with its path", () =>
  running(demo(), async (engine) => {
    const { failures } = await engine.check({ text: "a", place: { room: "x", drawer: 1 }, triggers: [] });
    const use = "use the official plugin or leave it out";
    expect(failures).toEqual([
      `place.drawer: the offline plugin does not support "drawer"; ${use}`,
      `triggers: the offline plugin does not support "triggers"; ${use}`,
    ]);
  }));

test("rejects an input of the wrong type, but accepts an unknown value", () =>
  running(demo(), async (engine) => {
    expect((await engine.check({ text: 1 })).failures).toEqual([
      "text: Invalid input: expected string, received number",
    ]);
    expect((await engine.check({ text: unknownMark, place: unknownMark })).failures).toEqual([]);
  }));

test("rejects assets, other resource types and functions by name", async () => {
  const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", path: "x" };
  await running(demo(), async (engine) => {
    await expect(engine.check({ text: asset })).rejects.toThrow(
      'demo:index:Note: the offline plugin does not support "assets"; use the official plugin or leave it out',
    );
    await expect(engine.invoke("demo:index:find")).rejects.toThrow(
      'demo: the offline plugin does not support "demo:index:find"',
    );
  });
  await withProvider(demo(), "demo:index:Other", async (engine) => {
    await expect(engine.check({})).rejects.toThrow('demo: the offline plugin does not support "demo:index:Other"');
  });
});

test("rejects an operation that throws, with the text of its error", () =>
  running(demo({ create: () => Promise.reject(new Error("no room")) }), async (engine) => {
    await expect(engine.create({ text: "a" })).rejects.toThrow("no room");
  }));

test("rejects a create that runs into its timeout, through the operation's signal", () => {
  const create: Definition["create"] = (_inputs, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("ran out"))));
  return running(demo({ create }), async (engine) => {
    await expect(engine.create({ text: "a" }, { timeout: 0.05 })).rejects.toThrow("ran out");
  });
});

test("a message reaches the engine, with its resource, before the operation returns", async () => {
  const messages: LogRequest.AsObject[] = [];
  const logs = new Server();
  logs.addService(EngineService, {
    log: (call: { request: LogRequest }, callback: (error: null, response: unknown) => void) => {
      messages.push(call.request.toObject());
      callback(null, new empty.Empty());
    },
  });
  const port = await new Promise<number>((resolve) =>
    logs.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, bound) => resolve(bound)),
  );
  const create: Definition["create"] = async (_inputs, operation) => {
    await operation.log({ message: "working", ephemeral: true });
    return { id: "1", state: { length: 0 } };
  };
  const served = await listen(demo({ create }), `127.0.0.1:${port}`);
  const engine = new EngineSide(served.port, token);
  try {
    await engine.create({ text: "a" });
    expect(messages).toMatchObject([
      { urn: "urn:pulumi:test::test::demo:index:Note::thing", message: "working", severity: 1, ephemeral: true },
    ]);
  } finally {
    engine.close();
    served.stop();
    logs.forceShutdown();
  }
});
