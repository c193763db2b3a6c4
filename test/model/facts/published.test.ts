import { describe, expect, it } from "vitest";
import { readPublished } from "../../../model/facts/published.ts";

const documents = {
  documents: { claim: { number: "1.a", hash: "h1" } },
  files: [{ path: "a.yml", sha256: "5e1f", written: "1.a" }],
};
const data = { shop_pgdata: { service: "postgres", cluster: "7301", machine: "machine-1" } };

describe("the outputs of a stack", () => {
  it("hold the documents and data that its last deploy published", () => {
    expect(readPublished({ documents: { main: documents, other: 7 }, data: { main: data } }, "main")).toEqual({
      ...documents,
      data,
    });
  });

  it("are empty for a stack that was never deployed, and for another server", () => {
    expect(readPublished({ documents: { main: documents }, data: { main: data } }, "second").data).toEqual({});
    expect(readPublished({}, "main")).toEqual({ documents: {}, files: [], data: {} });
  });

  it.each(["x", "0.a", "999999999999999.a"])("count as empty if they have a number that cannot grow: %s", (number) => {
    const claim = { number, hash: "h1" };
    const main = { ...documents, documents: { claim } };
    expect(readPublished({ documents: { main }, data: { main: data } }, "main")).toEqual({
      documents: {},
      files: [],
      data,
    });
  });

  it("are read one by one, and count as empty if another version wrote them", () => {
    expect(readPublished({ documents: "none", data: { main: data } }, "main")).toEqual({
      documents: {},
      files: [],
      data,
    });
    expect(
      readPublished({ documents: { main: documents }, data: { main: { shop_pgdata: "postgres" } } }, "main"),
    ).toEqual({ ...documents, data: {} });
  });
});
