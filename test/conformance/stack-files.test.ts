import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { readProjectFiles, readStackFiles } from "../../config/stack-files.ts";
import { Workspace } from "./workspace.ts";

const settings = `config:
  pulumi:disable-default-providers: { value: [docker] }
  compose: { type: string, default: compose.yaml }
  size: { type: integer, default: 3 }
  services:
    type: object
    default:
      api: { release: true, port: 8080, health: /health, memory: 512 MB }
      web: { release: false, port: 080, boot: "60" }
  ports: { type: object, default: { api: 1 } }
  trial:named: { value: by name }
`;

const stack = `config:
  trial:host:
    address: \${SERVER_HOST}
    user: deploy # a comment
    port: 22
  trial:directory: /opt/trial
  trial:empty: ""
  trial:long: |
    two
    lines
  trial:folded: >-
    one
    line
  trial:number: 5432
  trial:real: 1.5
  trial:truth: true
  trial:word: "true"
  trial:list: [a, 1, true, { b: c }]
  trial:ports: { postgres: "10.0.0.5:15432", api: 18080 }
  trial:variables:
    ON: "on"
    UNICODE: grüße
  other:key: x
`;

describe("a stack's configuration", () => {
  let workspace: Workspace;
  let byEngine: Record<string, string>;

  beforeAll(async () => {
    workspace = new Workspace("stack-config", settings);
    workspace.write("Pulumi.test.yaml", stack);
    const secrets = ["--secret", "fingerprintKey=planted", "--secret", "secrets.TOKEN=planted"];
    await workspace.pulumi(["config", "set-all", "--path", ...secrets]);
    const up = await workspace.up();
    expect(up.exitCode, up.output).toBe(0);
    const outputs: unknown = JSON.parse((await workspace.pulumi(["stack", "output", "--json"])).stdout);
    const { texts } = z.object({ texts: z.string() }).parse(outputs);
    const all = z.record(z.string(), z.string()).parse(JSON.parse(texts));
    const own = Object.entries(all).filter(([key]) => key.startsWith("trial:"));
    byEngine = Object.fromEntries(own.map(([key, text]) => [key.slice("trial:".length), text]));
  });

  afterAll(() => workspace.remove());

  test("is read from its files exactly as the engine passes it to a program, except for encrypted values", () => {
    const { texts, secure } = readStackFiles(readProjectFiles(workspace.folder), "test");
    expect([...secure].sort()).toEqual(["fingerprintKey", "secrets.TOKEN"]);
    const { fingerprintKey, secrets, given, ...known } = byEngine;
    expect([fingerprintKey, secrets]).toEqual(["planted", '{"TOKEN":"planted"}']);
    const { given: alsoGiven, secrets: withoutValues, ...read } = texts;
    expect(withoutValues).toBe("{}");
    expect(alsoGiven).toEqual(given);
    expect(parsed(read)).toEqual(parsed(known));
  });
});

/** Parses maps and lists, since the engine sorts their keys. */
function parsed(texts: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text]),
  );
}
