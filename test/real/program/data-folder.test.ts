import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { volume as verb } from "../../../host/verbs/volume.ts";
import { testServer } from "../../host/verbs/server.ts";
import { docker } from "./docker.ts";
import { adoptionIn, machine, VolumeStack } from "./volume-stack.ts";

describe("a data folder", () => {
  it("is made as Docker would make it, and stays with its data when the stack goes", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("data/db");
    expect(await stack.differences(body)).toEqual([`folder ${body.volume}: a folder, missing`]);
    await stack.deploy(body);
    for (const path of [body.volume, dirname(body.volume)]) {
      const { mode, uid, gid } = statSync(path);
      expect({ mode: mode & 0o7777, uid, gid }).toEqual({ mode: 0o755, uid: 0, gid: 0 });
    }
    expect(await stack.differences(body)).toEqual([]);
    stack.write(body.volume);
    await verb.remove(body, stack.server.work("volume"));
    expect(stack.read(body.volume)).toBe("1");
    expect(stack.server.said.at(-1)).toBe(
      `volume: keeps folder '${body.volume}' and what is remembered of it; ` +
        "remove the folder by hand to delete its data for good",
    );
  });

  it("that is there already is taken as it is, with its owner and its mode", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("data");
    mkdirSync(body.volume, { mode: 0o700 });
    stack.write(body.volume);
    await stack.deploy(body);
    expect(stack.read(body.volume)).toBe("1");
    expect(statSync(body.volume).mode & 0o777).toBe(0o700);
  });

  it("may lie behind a link of the administrator's, and is not made through one that leads nowhere", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("disk/data");
    const disk = dirname(body.volume);
    mkdirSync(`${disk}.real`);
    symlinkSync(`${disk}.real`, disk);
    await stack.deploy(body);
    expect(readdirSync(`${disk}.real`)).toEqual(["data"]);
    const file = stack.folder("file/data");
    symlinkSync("/dev/null", dirname(file.volume));
    await expect(stack.apply(file)).rejects.toThrow(`cannot make folder '${file.volume}' (document 4.2)`);
  });

  it("in another one is neither found nor made behind a link that a container put there (F135)", async () => {
    const stack = new VolumeStack();
    const outer = stack.folder("data");
    const inner = { ...outer, volume: join(outer.volume, "db") };
    const claimed = [outer.volume, inner.volume];
    await stack.deploy(outer, claimed);
    mkdirSync(`${outer.volume}.server`);
    symlinkSync(`${outer.volume}.server`, inner.volume);
    await expect(stack.apply(inner, claimed)).rejects.toThrow(`cannot make folder '${inner.volume}' (document 4.2)`);
    rmSync(inner.volume);
    await stack.apply(inner, claimed);
    stack.write(inner.volume);
    await stack.deploy(inner, claimed);
    renameSync(inner.volume, `${outer.volume}.moved`);
    symlinkSync(`${outer.volume}.moved`, inner.volume);
    await expect(stack.apply(inner, claimed)).rejects.toThrow(`folder '${inner.volume}' is gone, but held data`);
  });

  it("that was emptied is refused, until that is adopted, each time (F137)", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("data");
    await stack.deployWithData(body);
    stack.empty(body.volume);
    const what = `folder '${body.volume}' is empty, but held data (document 4.2); restore the folder and run again, or`;
    await expect(stack.apply(body)).rejects.toThrow(what);
    await expect(stack.guard({ api: { [body.volume]: "files" } }).check()).rejects.toThrow(what);
    const adopted = await stack.adoptAndEmpty(body);
    await expect(stack.apply(adopted)).rejects.toThrow("is empty, but held data");
  });

  it("that its service filled after a run is refused when it was emptied after the next one (F137)", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("data");
    await stack.deploy(body);
    stack.write(body.volume);
    expect(await stack.guard({ api: { [body.volume]: "files" } }).rememberWritten("api")).toEqual([]);
    stack.empty(body.volume);
    await expect(stack.apply(body)).rejects.toThrow(`folder '${body.volume}' is empty, but held data`);
  });

  it("that is gone is refused and not made again (F45)", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("data");
    await stack.deployWithData(body);
    rmSync(body.volume, { recursive: true });
    await expect(stack.apply(body)).rejects.toThrow(`folder '${body.volume}' is gone, but held data`);
    expect(readdirSync(dirname(body.volume))).toEqual([]);
  });

  it("that was replaced is refused, until its restored state is adopted (F137)", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("data");
    await stack.deployWithData(body);
    stack.remake(body.volume);
    stack.write(body.volume, "a", "restored");
    const what = `folder '${body.volume}' was made again, and is not the one that held data`;
    await expect(stack.apply(body)).rejects.toThrow(what);
    expect(await stack.differences(body)).toEqual([`folder ${body.volume}: the folder of 'api', another folder`]);
    await stack.deploy({ ...body, adopt: await adoptionIn(stack.apply(body)) });
    expect(stack.told(body.volume)).toMatchObject({ [body.volume]: { service: "api", machine, empty: false } });
  });

  it("with Postgres is known by its cluster, also after it was restored into another folder (F45)", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("pg", { data: "postgres", cluster: "." });
    await stack.apply(body);
    stack.writeCluster(body.volume, 7_400_000_000_000_000_001n);
    await stack.deploy(body);
    stack.remake(body.volume);
    await expect(stack.apply(body)).rejects.toThrow("is empty, but held Postgres cluster 7400000000000000001");
    stack.writeCluster(body.volume, 7_400_000_000_000_000_002n);
    await expect(stack.apply(body)).rejects.toThrow("holds another Postgres cluster");
    stack.writeCluster(body.volume, 7_400_000_000_000_000_001n);
    await stack.deploy(body);
  });

  it("that takes the place of a volume with the service's data is refused", async () => {
    const stack = new VolumeStack();
    const before = stack.body("pgdata");
    await stack.deployWithData(before);
    const body = stack.folder("data");
    await expect(stack.apply(body)).rejects.toThrow(
      `folder '${body.volume}' is not where the data of 'api' is, which is volume '${before.volume}'`,
    );
  });

  it("of another stack, which is not deployed now, is refused (F83)", async () => {
    const stack = new VolumeStack();
    const body = stack.folder("data");
    await stack.deployWithData(body);
    const other = new VolumeStack(testServer("other/staging", stack.server));
    await expect(other.apply(body)).rejects.toThrow(`folder '${body.volume}' holds the data of`);
  });
});

describe("a volume of the compose file that is external", () => {
  it("keeps its data when it is taken (M3)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("old", { external: "true" });
    docker("volume", "create", body.volume);
    stack.write(body.volume);
    await stack.deploy(body);
    expect(stack.read(body.volume)).toBe("1");
    stack.remake(body.volume);
    await expect(stack.apply(body)).rejects.toThrow("was made again, and is not the one that held data");
  });

  it("is rejected where it is not there, and never made (M3)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("old", { external: "true" });
    await expect(stack.apply(body)).rejects.toThrow(
      `volume '${body.volume}' is external in the compose file, and is not on this server`,
    );
    expect(docker("volume", "ls", "--quiet", "--filter", `name=${body.volume}`)).toBe("");
    docker("volume", "create", body.volume);
    await stack.deploy(body);
  });
});

describe("a volume with a driver's options", () => {
  it("is made with them and with its labels, and is a folder of the server by `bind`", async () => {
    const stack = new VolumeStack();
    const device = dirname(stack.folder("unused").volume);
    const making = { options: { type: "none", o: "bind", device }, labels: { a: "b" } };
    const body = stack.body("bound", { making });
    await stack.apply(body);
    const format = "{{json .Options}} {{json .Labels}}";
    expect(docker("volume", "inspect", "--format", format, body.volume)).toBe(
      `${JSON.stringify({ device, o: "bind", type: "none" })} {"a":"b"}`,
    );
    stack.write(device);
    await stack.deploy(body);
    expect(await stack.differences(body)).toEqual([]);
    rmSync(join(device, "a"));
    await expect(stack.apply(body)).rejects.toThrow(`volume '${body.volume}' is empty, but held data`);
  });

  it("is rejected where the volume that is there was made without them", async () => {
    const stack = new VolumeStack();
    const body = stack.body("elsewhere", {
      making: { options: { type: "nfs", o: "addr=192.0.2.1", device: ":/srv" } },
    });
    docker("volume", "create", body.volume);
    await expect(stack.apply(body)).rejects.toThrow(
      `volume '${body.volume}' was made in another place than the compose file says, ` +
        "got 'the engine's own folder' for " +
        "'local :/srv'",
    );
  });
});
