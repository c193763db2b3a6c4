import { Buffer } from "node:buffer";
import { describe, expect, it, test } from "vitest";
import { readFacts } from "../../remote/facts.ts";

const host = {
  machine: "machine-1",
  boot: "boot-1",
  architecture: "x86_64",
  engine: "26.1.5",
  compose: "2.26.1",
  memoryTotal: 8,
  memoryAvailable: 6,
};
const applied = { object: "files", kind: "files", resource: "files", number: "1.a", hash: "h1", differences: [] };
const release = { version: "1.0.0", images: { api: "api@sha256:1" }, colour: "blue", since: "2026-01-01T00:00:00Z" };

const line = (fact: string, fields: object): string => JSON.stringify({ fact, ...fields });
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("the facts of a server's answer", () => {
  it("are one observation, with empty values for missing facts", () => {
    expect(readFacts([line("host", host)])).toEqual({
      host,
      disks: [],
      claims: [],
      listeners: [],
      containers: [],
      volumes: [],
      applied: [],
      files: [],
      remarks: [],
      journal: [],
    });
  });

  it("keep their order within a kind", () => {
    const lines = [line("journal", { line: "one" }), line("host", host), line("journal", { line: "two" })];
    expect(readFacts(lines).journal).toEqual(["one", "two"]);
  });

  it("tell the serving release and the holder of the lease, if there are any", () => {
    const lines = [line("host", host), line("release", release), line("lease", { holder: "shop/staging, me" })];
    expect(readFacts(lines)).toMatchObject({ release, leaseHolder: "shop/staging, me" });
  });

  it("give each applied document its text, or an empty one if it is missing", () => {
    const text = base64("\ffiles\nkind: 'files'\nend\n\fclaim\nkind: 'claim'\n");
    const lines = [
      line("host", host),
      line("documents", { text }),
      line("applied", applied),
      line("applied", { ...applied, object: "images" }),
    ];
    expect(readFacts(lines).applied).toEqual([
      { ...applied, text: "kind: 'files'\nend\n" },
      { ...applied, object: "images", text: "" },
    ]);
  });

  test.each<[string, string[], string]>([
    ["a line that is not JSON", ["bash: no such file"], "a line that is not a fact: bash: no such file"],
    ["a fact that is not known", [line("weather", {})], 'a line that is not a fact: {"fact":"weather"}'],
    ["a server that does not say what it is", [], "not those of this version of slipway: host: Invalid input"],
    [
      "a fact that lacks a field",
      [line("host", host), line("disk", { path: "/", free: 1 }), line("disk", { path: "/srv" })],
      "not those of this version of slipway: disks.1.free: Invalid input",
    ],
    ["documents that are cut", [line("documents", { text: "a" })], 'a line that is not a fact: {"fact":"documents"'],
  ])("rejects %s", (_, lines, message) => {
    expect(() => readFacts(lines)).toThrow(message);
  });
});
