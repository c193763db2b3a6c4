import { describe, expect, it } from "vitest";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";

const documents = {
  documents: { claim: { number: "1.a", hash: "h1" } },
  files: [{ path: "a.yml", sha256: "5e1f", written: "1.a" }],
};
const common = { folder: "21.5", empty: false };
const data = { shop_pgdata: { service: "postgres", cluster: "7301", machine: "machine-1", ...common } };

describe("the outputs of a stack", () => {
  it("hold the documents and data that its last deploy published", () => {
    expect(readLastOutputs({ documents: { main: documents, other: 7 }, data: { main: data } }, "main")).toEqual({
      ...documents,
      data,
    });
  });

  it("are empty for a stack that was never deployed, and for another server", () => {
    const { data: ofSecond } = readLastOutputs({ documents: {}, data: { main: data } }, "second", ["main", "second"]);
    expect(ofSecond).toEqual({});
    expect(readLastOutputs({}, "main")).toEqual({ documents: {}, files: [], data: {} });
  });

  it.each(["x", "0.a", "999999999999999.a"])("count as empty if they have a number that cannot grow: %s", (number) => {
    const claim = { number, hash: "h1" };
    const main = { ...documents, documents: { claim } };
    expect(readLastOutputs({ documents: { main }, data: { main: data } }, "main")).toEqual({
      documents: {},
      files: [],
      data,
    });
  });

  it("are read one by one, and count as empty if another version wrote them", () => {
    expect(readLastOutputs({ documents: "none", data: { main: data } }, "main")).toEqual({
      documents: {},
      files: [],
      data,
    });
  });

  it("tell the data of a server that the stack no longer names, since it may have a new name (F12)", () => {
    const other = { shop_uploads: { service: "api", cluster: "", machine: "machine-2", ...common } };
    const outputs = { documents: { main: documents }, data: { main: data, files: other } };
    expect(readLastOutputs(outputs, "web1", ["web1"])).toEqual({
      documents: {},
      files: [],
      data: { ...data, ...other },
    });
    expect(readLastOutputs(outputs, "web1", ["web1", "main"]).data).toEqual(other);
  });

  it("never let a volume with an entry that cannot be read pass for a new one (F12)", () => {
    const main = { ...data, shop_uploads: "files" };
    expect(readLastOutputs({ data: { main } }, "main").data).toEqual({
      ...data,
      shop_uploads: { service: "", cluster: "", folder: "", empty: false, machine: "unknown" },
    });
  });
});
