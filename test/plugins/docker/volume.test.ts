import Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dockerProvider } from "../../../toolchain/plugins/docker/provider.ts";
import { removeVolume } from "../../../toolchain/plugins/docker/remove-volume.ts";
import { type EngineSide, unknownMark, withProvider, type SavedOnWire, type Wire } from "../base/engine-side.ts";
import { FakeDockerEngine } from "./fake-docker-engine.ts";

const token = "docker:index/volume:Volume";
let docker: FakeDockerEngine;

beforeEach(async () => {
  docker = await FakeDockerEngine.start();
});

afterEach(() => docker.stop());

function running(work: (engine: EngineSide) => Promise<void>): Promise<void> {
  return withProvider(dockerProvider(), token, work);
}

function configured(work: (engine: EngineSide) => Promise<void>): Promise<void> {
  return running(async (engine) => {
    await engine.configure({ host: `unix://${docker.socket}` });
    await work(engine);
  });
}

async function up(engine: EngineSide, program: Wire): Promise<SavedOnWire> {
  const { inputs } = await engine.check(program);
  return { inputs, ...(await engine.create(inputs)) };
}

test("a volume is created with its driver, options and labels; its id is its name", () =>
  configured(async (engine) => {
    const driverOpts = { type: "tmpfs", device: "tmpfs" };
    const volume = await up(engine, {
      name: "data",
      driver: "local",
      driverOpts,
      labels: [{ label: "k", value: "v" }],
    });
    expect(volume.id).toBe("data");
    expect(volume.state).toEqual({
      __meta: '{"schema_version":"1"}',
      id: "data",
      name: "data",
      driver: "local",
      driverOpts,
      labels: [{ label: "k", value: "v" }],
      mountpoint: "/var/lib/docker/volumes/data/_data",
    });
    expect(docker.volumes.get("data")).toMatchObject({ Options: driverOpts, Labels: { k: "v" } });
  }));

test("a preview of a new volume shows the program's inputs and unknown outputs", () =>
  configured(async (engine) => {
    const { inputs } = await engine.check({ name: "data", labels: unknownMark });
    const { id, state } = await engine.create(inputs, { preview: true });
    expect(id).toBe("");
    expect(state).toMatchObject({ name: "data", driver: unknownMark, mountpoint: unknownMark, labels: unknownMark });
    expect(docker.volumes.size).toBe(0);
  }));

test("a volume without a name gets one from its resource, and keeps it", () =>
  configured(async (engine) => {
    const first = await engine.check({});
    expect(first.inputs["name"]).toMatch(/^thing-[0-9a-f]{7}$/);
    expect(first.inputs["__defaults"]).toEqual(["name"]);
    // The engine gives preview and update the same seed.
    expect((await engine.check({})).inputs).toEqual(first.inputs);
    expect((await engine.check({}, first.inputs)).inputs).toEqual(first.inputs);
    expect((await engine.check({}, { name: "data" })).inputs["name"]).toBe("data");
  }));

test("an existing volume is adopted without a message; its labels need a replacement only after a refresh", () =>
  configured(async (engine) => {
    docker.add("data", { Labels: { by: "hand" } });
    const adopted = await up(engine, { name: "data" });
    expect(adopted.state["labels"]).toEqual([]);
    expect(await engine.diff(adopted, adopted.inputs)).toMatchObject({ changes: 1 });

    const refreshed = await engine.read(adopted);
    expect(refreshed.state["labels"]).toEqual([{ label: "by", value: "hand" }]);
    expect(refreshed.inputs).toEqual({ name: "data", __defaults: [] });
    const expected = { changes: 2, replacesList: ["labels"], deletebeforereplace: true };
    expect(await engine.diff(refreshed, refreshed.inputs)).toMatchObject(expected);
    expect(await engine.diff(refreshed, refreshed.inputs, ["labels"])).toMatchObject({ changes: 1 });
  }));

test("an option of an adopted volume needs a replacement at once", () =>
  configured(async (engine) => {
    docker.add("data", { Options: { type: "nfs" } });
    const adopted = await up(engine, { name: "data" });
    expect(await engine.diff(adopted, adopted.inputs)).toMatchObject({ replacesList: ["driverOpts"] });
  }));

test("every change replaces a volume; the old one is deleted first unless its name was generated", () =>
  configured(async (engine) => {
    const volume = await up(engine, { name: "data", labels: [{ label: "a", value: "1" }] });
    const changes: [string, Wire][] = [
      ["name", { ...volume.inputs, name: "other" }],
      ["driver", { ...volume.inputs, driver: "other" }],
      ["driverOpts", { ...volume.inputs, driverOpts: { type: "nfs" } }],
      ["labels", { ...volume.inputs, labels: [] }],
      ["name", { ...volume.inputs, name: unknownMark }],
      ["labels", { ...volume.inputs, labels: unknownMark }],
    ];
    for (const [property, news] of changes) {
      const expected = { changes: 2, replacesList: [property], deletebeforereplace: true };
      expect(await engine.diff(volume, news)).toMatchObject(expected);
    }
    const made = await up(engine, {});
    expect(await engine.diff(made, { ...made.inputs, labels: unknownMark })).toMatchObject({ changes: 2 });
    const relabelled = { ...made.inputs, labels: [{ label: "a", value: "1" }] };
    expect(await engine.diff(made, relabelled)).toMatchObject({ changes: 2, deletebeforereplace: false });
  }));

test("the order of labels, an explicit default driver and empty collections are no changes", () =>
  configured(async (engine) => {
    const [a, b] = [
      { label: "a", value: "1" },
      { label: "b", value: "2" },
    ];
    const labelled = await up(engine, { name: "data", labels: [b, a] });
    expect(await engine.diff(labelled, { ...labelled.inputs, labels: [a, b] })).toMatchObject({ changes: 1 });
    const plain = await up(engine, { name: "plain" });
    const spelled = { ...plain.inputs, driver: "local", driverOpts: {}, labels: [] };
    expect(await engine.diff(plain, spelled)).toMatchObject({ changes: 1, deletebeforereplace: false });
  }));

test("a volume that is missing on the host is noticed only by a refresh", () =>
  configured(async (engine) => {
    const volume = await up(engine, { name: "data" });
    docker.volumes.clear();
    expect(await engine.diff(volume, volume.inputs)).toMatchObject({ changes: 1 });
    expect(await engine.read(volume)).toEqual({ id: "", inputs: {}, state: {} });
  }));

test("a refresh updates the values of existing inputs, and adds none", () =>
  configured(async (engine) => {
    const labels = [
      { label: "a", value: "1" },
      { label: "b", value: "2" },
    ];
    const volume = await up(engine, { name: "data", labels, driverOpts: { type: "nfs", o: "rw" } });
    docker.add("data", { Labels: { a: "1", c: "3" }, Options: { type: "tmpfs" } });
    const { inputs } = await engine.read(volume);
    expect(inputs).toMatchObject({ labels: [{ label: "a", value: "1" }], driverOpts: { type: "tmpfs" } });
  }));

test("an imported volume has the inputs that a program needs to create it", () =>
  configured(async (engine) => {
    docker.add("data", { Labels: { a: "1" } });
    const { id, inputs } = await engine.read({ id: "data", inputs: {}, state: {} });
    expect(id).toBe("data");
    expect(inputs).toEqual({ __defaults: [], name: "data", driver: "local", labels: [{ label: "a", value: "1" }] });
  }));

test("a delete waits while a container uses the volume, and accepts a missing volume", () =>
  configured(async (engine) => {
    const volume = await up(engine, { name: "data" });
    docker.busyRemovals = 1;
    await engine.delete(volume);
    expect(docker.volumes.size).toBe(0);
    await engine.delete(volume);
  }));

test("rejects the removal of a volume that stays in use, with the official plugin's message", async () => {
  docker.add("data");
  docker.busyRemovals = 1_000_000;
  const client = new Docker({ socketPath: docker.socket });
  const removal = removeVolume(client, "data", new AbortController().signal, { seconds: 0.1, pauseMilliseconds: 10 });
  await expect(removal).rejects.toThrow(
    "timeout while waiting for state to become 'removed' (last state: 'in_use', timeout: 0.1s)",
  );
});

test("rejects a volume that the engine rejects, with the engine's message", () =>
  configured(async (engine) => {
    await expect(engine.create({ name: "data", driver: "nosuch" })).rejects.toThrow(
      '1 error occurred:\n\t* Unable to create volume: Error response from daemon: plugin "nosuch" not found\n\n',
    );
  }));

test("rejects the inputs, settings, resources and functions that only the official plugin supports", async () => {
  await running(async (engine) => {
    const use = "use the official plugin or leave it out";
    expect((await engine.check({ name: "data", cluster: { scope: "single" } })).failures).toEqual([
      `cluster: the offline plugin does not support "cluster"; ${use}`,
    ]);
    expect((await engine.checkConfig({ host: unknownMark, registryAuth: "[]" })).failures).toEqual([
      `registryAuth: the offline plugin does not support "registryAuth"; ${use}`,
    ]);
    expect((await engine.checkConfig({ host: "tcp://10.0.0.1:2375" })).failures).toEqual([
      'host: the offline plugin supports only ssh:// and unix://, got "tcp://10.0.0.1:2375"; ' +
        "use one of them or the official plugin",
    ]);
    const getNetwork = "docker:index/getNetwork:getNetwork";
    await expect(engine.invoke(getNetwork)).rejects.toThrow(
      `docker: the offline plugin does not support "${getNetwork}"`,
    );
  });
  await withProvider(dockerProvider(), "docker:index/container:Container", async (engine) => {
    await expect(engine.check({})).rejects.toThrow('does not support "docker:index/container:Container"');
  });
});
