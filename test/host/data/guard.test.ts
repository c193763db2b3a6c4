import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dataAnswer, DataGuard } from "../../../host/data/guard.ts";
import { machineId } from "../../../host/facts/machine.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { volumeServer, writeCluster } from "./volumes.ts";

/** The guard of a service `api` that was started with an empty volume. */
async function started(data: "files" | "postgres" = "files") {
  const server = volumeServer();
  const path = server.volume("uploads");
  const body = { volume: "uploads", service: "api", data, ...(data === "postgres" && { cluster: "." }) };
  const number = parseNumber("4.2");
  const text = writeDocument({ kind: "volume", resource: "volume", body }, number);
  const own = { object: "volume:uploads", resource: "volume", kind: "volume" };
  server.view.state.writeApplied({ ...own, number, hash: "h", text });
  const services = { api: { volumes: { uploads: data } }, reader: { volumes: { uploads: data } } } as const;
  const guard = new DataGuard(services, server.view);
  if (data === "files") await guard.remember("api");
  return {
    ...{ server, guard, path },
    write: (): void => writeFileSync(join(path, "a"), "1"),
    told: () => dataAnswer(services, server.view).data?.["uploads"],
  };
}

describe("what a service wrote after its start (F137, SEC-A7)", () => {
  it("is remembered at the end of a run, so that its loss stops the next one", async () => {
    const { guard, path, write, told } = await started();
    expect(told()).toMatchObject({ empty: true });
    expect(await guard.rememberWritten("api")).toEqual([]);
    expect(told()).toMatchObject({ empty: true });
    write();
    expect(await guard.rememberWritten("api")).toEqual([]);
    expect(told()).toMatchObject({ empty: false });
    rmSync(join(path, "a"));
    await expect(guard.check()).rejects.toThrow("volume 'uploads' is empty, but held data (document 4.2)");
  });

  it("is Postgres' cluster where that was not known yet (F45)", async () => {
    const { server, guard, path, told } = await started("postgres");
    const [{ folder } = { folder: "" }] = await server.facts(["uploads"]);
    const unknown = { service: "api", cluster: "", folder, empty: true, machine: machineId() };
    server.memories.write("shop/staging", "uploads", unknown);
    expect(await guard.rememberWritten("api")).toEqual([
      "volume 'uploads' holds no Postgres cluster at '.' though 'api' is well; set PGDATA to where its data lies",
    ]);
    writeCluster(path, 7n);
    expect(await guard.rememberWritten("api")).toEqual([]);
    expect(told()).toMatchObject({ cluster: "7", empty: false });
  });

  it.each<[string, (path: string) => void]>([
    ["was emptied", (path) => rmSync(join(path, "a"))],
    [
      "was made again",
      (path) => {
        renameSync(path, `${path}.before`);
        mkdirSync(path);
        writeFileSync(join(path, "a"), "1");
      },
    ],
    ["is gone", (path) => rmSync(path, { recursive: true })],
  ])("stays remembered where the volume %s within the run", async (_what, lose) => {
    const { guard, path, write, told } = await started();
    write();
    await guard.rememberWritten("api");
    const before = told();
    lose(path);
    expect(await guard.rememberWritten("api")).toEqual([expect.stringMatching(/^volume 'uploads' .*; restore /)]);
    expect(told()).toEqual(before);
    await expect(guard.check()).rejects.toThrow(/^volume 'uploads' /);
  });

  it("is remembered of the service that owns the volume alone", async () => {
    const { guard, write, told } = await started();
    write();
    expect(await guard.rememberWritten("reader")).toEqual([]);
    expect(told()).toMatchObject({ empty: true });
  });
});
