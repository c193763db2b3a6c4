import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Document, DocumentMap } from "../../../model/document/document.ts";
import { documentHash } from "../../../model/document/writer.ts";
import { describeChanges } from "../../../model/report/document.ts";
import { changeText } from "../../../model/report/wording.ts";
import { document } from "../document/arbitrary.ts";

const kinds = ["claim", "directory", "images", "files", "secrets", "networks", "volume", "compose", "rollout"];

function said(kind: string, from: DocumentMap, to: DocumentMap): string[] {
  return describeChanges({ kind, resource: kind, body: from }, { kind, resource: kind, body: to }).map(changeText);
}

const yaml = (services: object): Buffer => Buffer.from(JSON.stringify({ name: "shop", services }));

describe("the description of a changed document", () => {
  it("is empty only if the documents are equal", () => {
    const pair = fc.tuple(fc.constantFrom(...kinds), document, document, fc.boolean());
    fc.assert(
      fc.property(pair, ([kind, one, other, same]) => {
        const from: Document = { ...one, kind };
        const to: Document = same ? from : { ...other, kind, resource: one.resource };
        const differ = documentHash(from) !== documentHash(to);
        expect(describeChanges(from, to).length > 0).toBe(differ);
      }),
      { numRuns: 200 },
    );
  });

  it("never contains a value of a variable, a label, a command or a health check", () => {
    const secret = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        const at = (value: string): DocumentMap => ({
          compose: yaml({
            api: {
              environment: { TOKEN: value },
              labels: { key: value },
              command: ["run", value],
              healthcheck: { test: value },
            },
          }),
          env: { ".env": { entries: { TOKEN: value } } },
          services: { api: { variables: { TOKEN: value } } },
          files: { ".env": { entries: { TOKEN: value } } },
        });
        for (const kind of kinds) {
          const words = JSON.stringify(
            describeChanges({ kind, resource: kind, body: at(one) }, { kind, resource: kind, body: at(other) }),
          );
          expect(words).not.toContain(one);
          expect(words).not.toContain(other);
        }
      }),
      { numRuns: 20 },
    );
  });

  test.each<[string, string, DocumentMap, DocumentMap, string[]]>([
    [
      "variables without their values",
      "secrets",
      { files: { ".env": { entries: { A: "1", B: "2" } } } },
      { files: { ".env": { entries: { A: "3", C: "4" } } } },
      ["variable A changed", "variable B removed", "variable C added"],
    ],
    [
      "a port of the server",
      "claim",
      { ports: { "80": "web" } },
      { ports: { "81": "web" } },
      ["port 80: removed, was web", "port 81: added, web"],
    ],
    [
      "an added file",
      "files",
      { files: {} },
      { files: { "a.yml": { content: Buffer.from("a\nb\n"), mode: "0644" } } },
      ["file a.yml: added, +2 lines"],
    ],
    [
      "the lines of a file",
      "files",
      { files: { "a.yml": { content: Buffer.from("a\nb\n"), mode: "0644" } } },
      { files: { "a.yml": { content: Buffer.from("a\nc\nd\n"), mode: "0755" } } },
      ["file a.yml: -1 line, +2 lines", "file a.yml mode: 0644 → 0755"],
    ],
    [
      "the size of a file that is not a text",
      "files",
      { files: { a: { content: Buffer.of(0, 1), mode: "0644" } } },
      { files: { a: { content: Buffer.of(0), mode: "0644" } } },
      ["file a: 2 bytes → 1 bytes"],
    ],
    [
      "images by service",
      "images",
      { images: { "api@sha256:1": "api web" } },
      { images: { "api@sha256:2": "api", "api@sha256:1": "web" } },
      ["api image: api@sha256:1 → api@sha256:2"],
    ],
    ["the owner of the folder", "directory", { owner: "root" }, { owner: "deploy" }, ["owner: root → deploy"]],
    [
      "an added service",
      "compose",
      { compose: yaml({}) },
      { compose: yaml({ api: {} }) },
      ["api: added, a new service"],
    ],
    [
      "ports, mounts and memory of a service",
      "compose",
      {
        compose: yaml({
          api: {
            ports: ["127.0.0.1:1:1"],
            mem_limit: 1048576,
            volumes: [{ type: "bind", source: "/a", target: "/b", read_only: true }],
          },
        }),
      },
      { compose: yaml({ api: { ports: ["127.0.0.1:2:1"], mem_limit: 2097152 } }) },
      ["api mem_limit: 1 MB → 2 MB", "api port: 127.0.0.1:1:1 → 127.0.0.1:2:1", "api mount: removed, was /a:/b:ro"],
    ],
    [
      "a command without its value",
      "compose",
      { compose: yaml({ api: { command: ["a"] } }) },
      { compose: yaml({ api: { command: ["b"] } }) },
      ["api command changed"],
    ],
    [
      "a service of a colour by its plain name",
      "rollout",
      { compose: yaml({ "api-<colour>": { user: "1" } }) },
      { compose: yaml({ "api-<colour>": { user: "2" } }) },
      ["api user: 1 → 2"],
    ],
    [
      "the lines of an unreadable compose file",
      "compose",
      { compose: Buffer.from("a: [\n") },
      { compose: Buffer.from("b: [\n") },
      ["compose file: -1 line, +1 line"],
    ],
  ])("names %s", (_, kind, from, to, words) => {
    expect(said(kind, from, to)).toEqual(words);
  });
});
