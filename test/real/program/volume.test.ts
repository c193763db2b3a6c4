import { describe, expect, it } from "vitest";
import { volume as verb } from "../../../host/verbs/volume.ts";
import { testServer } from "../../host/verbs/server.ts";
import { docker } from "./docker.ts";
import { adoptionIn, machine, VolumeStack } from "./volume-stack.ts";

describe("a data volume", () => {
  it("is made where nothing is remembered of it, without labels, and stays when the stack goes", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    expect(await stack.differences(body)).toEqual([`volume ${body.volume}: a volume, missing`]);
    await stack.apply(body);
    expect(docker("volume", "inspect", "--format", "{{json .Labels}}", body.volume)).toMatch(/^(null|\{\})$/);
    expect(await stack.differences(body)).toEqual([]);
    stack.write(body.volume);
    await verb.remove(body, stack.server.work("volume"));
    expect(stack.read(body.volume)).toBe("1");
    expect(stack.server.said).toEqual([
      `volume: keeps volume '${body.volume}' and what is remembered of it; \`docker volume rm\` deletes data for good`,
    ]);
  });

  it("that is there already is taken as it is", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    docker("volume", "create", body.volume);
    stack.write(body.volume);
    await stack.deploy(body);
    expect(stack.read(body.volume)).toBe("1");
  });

  it("made again is refused, until its restored state is adopted (SEC-A7, F137)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    await stack.deployWithData(body);
    stack.remake(body.volume);
    const what = `volume '${body.volume}' was made again, and is not the one that held data (document 4.2); restore `;
    await expect(stack.apply(body)).rejects.toThrow(what);
    await expect(stack.guard({ api: { [body.volume]: "files" } }).check()).rejects.toThrow(what);
    expect(await stack.differences(body)).toEqual([`volume ${body.volume}: the volume of 'api', another volume`]);
    const whileEmpty = await adoptionIn(stack.apply(body));
    stack.write(body.volume, "a", "restored");
    await expect(stack.apply({ ...body, adopt: whileEmpty })).rejects.toThrow(what);
    const adopt = await adoptionIn(stack.apply(body));
    await stack.deploy({ ...body, adopt });
    expect(await stack.differences(body)).toEqual([]);
    expect(stack.read(body.volume)).toBe("restored");
    stack.remake(body.volume);
    stack.write(body.volume, "a", "restored");
    await expect(stack.apply({ ...body, adopt })).rejects.toThrow(what);
  });

  it("that is gone is refused and not made again, unless that is adopted (F45, SEC-A7)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    await stack.deploy(body);
    docker("volume", "rm", body.volume);
    await expect(stack.apply(body)).rejects.toThrow(`volume '${body.volume}' is gone, but held data`);
    expect(docker("volume", "ls", "--quiet", "--filter", `name=${body.volume}`)).toBe("");
    const adopt = await adoptionIn(stack.apply(body));
    await stack.deploy({ ...body, adopt });
    docker("volume", "rm", body.volume);
    await expect(stack.apply({ ...body, adopt })).rejects.toThrow("is gone, but held data");
  });

  it("with files is refused when it was emptied, each time (SEC-A7, F137)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    await stack.deployWithData(body);
    stack.empty(body.volume);
    const adopted = await stack.adoptAndEmpty(body);
    await expect(stack.apply(adopted)).rejects.toThrow("is empty, but held data");
  });

  it("that was always empty may be empty, and its data counts from the first start that finds some", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    await stack.deploy(body);
    await stack.deploy(body);
    stack.write(body.volume);
    await stack.guard({ api: { [body.volume]: "files" } }).check();
    stack.empty(body.volume);
    await expect(stack.apply(body)).rejects.toThrow("is empty, but held data");
  });

  it("keeps what is remembered of it where it was lost before the end of a run (F137)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    await stack.deployWithData(body);
    const known = stack.told(body.volume);
    stack.remake(body.volume);
    stack.write(body.volume);
    const refusal = `volume '${body.volume}' was made again, and is not the one that held data (document 4.2)`;
    const failures = await stack.guard({ api: { [body.volume]: "files" } }).rememberWritten("api");
    expect(failures).toEqual([expect.stringContaining(refusal)]);
    expect(stack.told(body.volume)).toEqual(known);
  });

  it.each(["files", "postgres"] as const)("of %s under a renamed key is refused (SEC-A7, F45, F137)", async (data) => {
    const stack = new VolumeStack();
    const [old, renamed] = [stack.body("old", { data, cluster: "." }), stack.body("new", { data, cluster: "." })];
    await stack.apply(old);
    if (data === "files") stack.write(old.volume);
    else stack.writeCluster(old.volume, 7n);
    await stack.deploy(old);
    const what = `volume '${renamed.volume}' is not where the data of 'api' is, which is volume '${old.volume}'`;
    await expect(stack.apply(renamed)).rejects.toThrow(what);
    expect(docker("volume", "ls", "--quiet", "--filter", `name=${renamed.volume}`)).toBe("");
    await stack.apply(renamed, [old.volume, renamed.volume]);
    await stack.apply({ ...renamed, adopt: await adoptionIn(stack.apply(renamed)) });
    await stack.apply(renamed);
    expect(docker("volume", "ls", "--quiet", "--filter", `name=${old.volume}`)).toBe(old.volume);
  });

  it("that a rebuilt server accepted is remembered at once, before its service is well (F12)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    await stack.apply({ ...body, adopt: "0123456789abcdef0123456789abcdef:0123456789ab" });
    expect(stack.told(body.volume)).toEqual({});
    const adopt = `${machine}:0123456789ab`;
    await stack.apply({ ...body, adopt });
    expect(stack.told(body.volume)).toMatchObject({
      [body.volume]: { adopted: adopt },
    });
  });

  it("with the data of another stack is refused, and belongs to the one that adopts it (F83)", async () => {
    const server = testServer();
    const stack = new VolumeStack(server);
    const body = stack.body("uploads");
    await stack.deployWithData(body);
    const other = new VolumeStack(testServer("shop/other", server));
    const refused = `volume '${body.volume}' holds the data of 'shop/staging', which is not deployed now`;
    await expect(other.apply(body)).rejects.toThrow(refused);
    await other.apply({ ...body, adopt: await adoptionIn(other.apply(body)) });
    await expect(stack.apply(body)).rejects.toThrow(`volume '${body.volume}' holds the data of 'shop/other'`);
  });
});

describe("a Postgres cluster", () => {
  it("is remembered as soon as its service is well, whatever becomes of the others (SEC-B11)", async () => {
    const stack = new VolumeStack();
    const pgdata = stack.body("pgdata", { service: "postgres", data: "postgres", cluster: ".", major: "17" });
    const uploads = stack.body("uploads");
    const claimed = [pgdata.volume, uploads.volume];
    await stack.apply(pgdata, claimed);
    await stack.apply(uploads, claimed);
    const guard = stack.guard({ postgres: { [pgdata.volume]: "postgres" }, api: { [uploads.volume]: "files" } });
    await guard.check();
    await expect(guard.remember("postgres")).rejects.toThrow(
      "holds no Postgres cluster at '.' though 'postgres' is well",
    );
    expect(stack.told(pgdata.volume, uploads.volume)).toEqual({});
    stack.writeCluster(pgdata.volume, 7_412n);
    await guard.remember("postgres");
    expect(stack.told(pgdata.volume, uploads.volume)).toEqual({
      [pgdata.volume]: {
        ...{ service: "postgres", cluster: "7412", empty: false, machine },
        folder: expect.stringMatching(/^\d+\.\d+$/) as unknown,
      },
    });
    stack.writeCluster(pgdata.volume, 9n);
    await expect(stack.apply(pgdata)).rejects.toThrow("holds another Postgres cluster, got 9 for 7412");
    await expect(guard.check()).rejects.toThrow("holds another Postgres cluster, got 9 for 7412");
  });

  it("that was restored into a volume that was made again is accepted by its identifier (F45)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("pgdata", { service: "postgres", data: "postgres", cluster: "." });
    await stack.apply(body);
    stack.writeCluster(body.volume, 7n);
    await stack.deploy(body);
    stack.remake(body.volume);
    await expect(stack.apply(body)).rejects.toThrow("is empty, but held Postgres cluster 7");
    stack.writeCluster(body.volume, 7n);
    await stack.deploy(body);
  });

  it("of another major version is refused (F46)", async () => {
    const stack = new VolumeStack();
    const body = stack.body("pgdata", { service: "postgres", data: "postgres", cluster: ".", major: "18" });
    await stack.apply(body);
    stack.writeCluster(body.volume, 7n);
    expect(await stack.differences(body)).toEqual([`volume ${body.volume}: Postgres 18, Postgres 17`]);
    await expect(stack.apply(body)).rejects.toThrow("is Postgres 18, but volume");
  });
});

describe("the guard of data", () => {
  it("remembers a volume when its owner is well, not when a reader of it is", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    await stack.apply(body);
    const guard = stack.guard({ api: { [body.volume]: "files" }, backup: { [body.volume]: "files" } });
    await guard.remember("backup");
    expect(stack.told(body.volume)).toEqual({});
    await guard.remember("api");
    expect(stack.told(body.volume)).toMatchObject({ [body.volume]: { service: "api", empty: true } });
  });

  it("rejects a volume without an applied document, and one that went away since", async () => {
    const stack = new VolumeStack();
    const body = stack.body("uploads");
    const guard = stack.guard({ api: { [body.volume]: "files" } });
    await expect(guard.check()).rejects.toThrow(`no document was applied for volume '${body.volume}'`);
    await stack.apply(body);
    docker("volume", "rm", body.volume);
    await expect(guard.check()).rejects.toThrow(`volume '${body.volume}' is missing (document 4.2)`);
  });
});
