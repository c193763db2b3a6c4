import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RememberedData } from "../../../model/facts/observation.ts";
import { ensureDataIsOnThisServer } from "../../../model/facts/volumes.ts";
import { volumeServer } from "./volumes.ts";

const data = { service: "api", cluster: "", folder: "1.1", empty: false, machine: "machine-1" };

describe("the memory of data", () => {
  it("is a file for each stack and volume, which only root reads", () => {
    const { memories, places } = volumeServer();
    expect(memories.about("shop/staging", ["uploads"])).toEqual([]);
    memories.write("shop/staging", "uploads", data);
    memories.write("shop/other", "uploads", { ...data, adopted: "machine-1:abc" });
    const folder = join(places.state, "data");
    expect(readdirSync(folder)).toEqual(["shop@other@uploads.json", "shop@staging@uploads.json"]);
    expect(statSync(join(folder, "shop@other@uploads.json")).mode & 0o777).toBe(0o600);
    expect(memories.of("shop/staging", "uploads")).toEqual(data);
    expect(memories.of("shop/staging", "other")).toBeUndefined();
    expect(memories.about("shop/staging", ["uploads"]).map(({ stack }) => stack)).toEqual([
      "shop/other",
      "shop/staging",
    ]);
    memories.forget("shop/other", "uploads");
    expect(memories.of("shop/other", "uploads")).toBeUndefined();
  });

  it.each<[string, string]>([
    ["is cut", '{"stack":"shop/other","vol'],
    ["is empty", ""],
    ["lacks a field", JSON.stringify({ stack: "shop/other", volume: "uploads", data: { service: "api" } })],
    ["is another one's", JSON.stringify({ stack: "shop/staging", volume: "uploads", data })],
  ])("rejects its stack, and all that use its volume, where a file %s; others go on (F83, F95, SEC-C11)", (_, text) => {
    const { memories, places } = volumeServer();
    const path = join(places.state, "data", "shop@other@uploads.json");
    mkdirSync(join(places.state, "data"), { recursive: true });
    writeFileSync(path, text);
    const refusal = `'${path}' cannot be read, so it is not known what data this server held; restore that file`;
    expect(() => memories.about("shop/other", [])).toThrow(refusal);
    expect(() => memories.about("shop/staging", ["uploads"])).toThrow(refusal);
    expect(memories.damaged()).toEqual([path]);
    memories.write("shop/staging", "pgdata", data);
    expect(memories.about("shop/staging", ["pgdata"]).map(({ volume }) => volume)).toEqual(["pgdata"]);
  });

  it("rejects every stack where the name of a file does not tell whose it is", () => {
    const { memories, places } = volumeServer();
    memories.write("shop/staging", "pgdata", data);
    writeFileSync(join(places.state, "data", "restored.json"), "{}");
    expect(() => memories.about("shop/staging", ["pgdata"])).toThrow(/restored\.json' cannot be read/);
  });

  it("that is damaged and moved away lets the next run compare its volume with the stack's outputs (F12)", async () => {
    const { memories, facts, volume, places } = volumeServer();
    writeFileSync(join(volume("uploads"), "a"), "1");
    const [held] = await facts(["uploads"]);
    const kept = { service: "api", cluster: "", folder: held?.folder ?? "", empty: false, machine: "machine-1" };
    memories.write("shop/staging", "uploads", kept);
    const path = join(places.state, "data", "shop@staging@uploads.json");
    writeFileSync(path, "{");
    await expect(facts(["uploads"])).rejects.toThrow("if the volume holds the right data, move the file away and run");
    renameSync(path, `${path}.damaged`);
    const compare = async (last: RememberedData): Promise<string[]> => {
      const known = { volumes: await facts(["uploads"]), claims: [], host: { machine: "machine-1" } };
      const files = { volume: "uploads", service: "api", data: "files", major: undefined } as const;
      const wanted = { ...files, wanted: ["uploads"], adopted: undefined };
      return ensureDataIsOnThisServer(wanted, known, { data: { uploads: last } }).map(({ todo }) => todo);
    };
    expect(await compare(kept)).toEqual([]);
    expect(await compare({ ...kept, folder: "1.1" })).toEqual([expect.stringContaining(`'adopt.data["uploads"]'`)]);
  });

  it.each(["../x", "a/b", ""])("rejects the volume %j, which the engine cannot have", (name) => {
    const { memories } = volumeServer();
    expect(() => memories.write("shop/staging", name, data)).toThrow("is not the name of a volume");
  });
});
