import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { isSecret } from "../../pulumi/state.ts";
import { Workspace } from "../workspace.ts";

const schema = `config:
  word: { type: string }
  size: { type: integer, default: 3 }
  ports: { type: object, default: { api: 8080, web: 8081 } }
`;

describe("the configuration of a program", () => {
  let workspace: Workspace;
  let preview: PulumiResult, up: PulumiResult;
  let outputs: unknown, overridden: unknown;

  beforeAll(async () => {
    workspace = new Workspace("language-nodejs/config", schema);
    const secrets = ["--secret", "token=planted-token", "--secret", 'credentials={"user":"planted-user"}'];
    await workspace.pulumi(["config", "set-all", "--plaintext", "word=hello", ...secrets]);
    preview = await workspace.preview();
    up = await workspace.up();
    expect(up.exitCode, up.output).toBe(0);
    outputs = JSON.parse((await workspace.pulumi(["stack", "output", "--json", "--show-secrets"])).stdout);
    await workspace.pulumi(["config", "set", "--path", "ports.api", "18080"]);
    await workspace.up();
    overridden = JSON.parse((await workspace.pulumi(["stack", "output", "--json"])).stdout);
  });

  afterAll(() => workspace.remove());

  test("includes the defaults of Pulumi.yaml, also objects", () => {
    expect(outputs).toMatchObject({ word: "hello", size: 3, ports: { api: 8080, web: 8081 } });
  });

  test("replaces a default object as a whole by the object of the stack's file", () => {
    expect(overridden).toMatchObject({ ports: { api: 18080 } });
    expect(overridden).not.toMatchObject({ ports: { web: 8081 } });
  });

  test("contains secrets decrypted", () => {
    expect(outputs).toMatchObject({ token: "planted-token", secretObject: { user: "planted-user" }, tokenLength: 13 });
  });

  test("lists the secret keys", () => {
    expect(outputs).toMatchObject({ secretKeys: ["trial:credentials", "trial:token"] });
  });

  test("stays secret in the outputs, and does not appear decrypted in output, state or stack file", () => {
    const { outputs: stored } = workspace.state().resource("trial-test");
    expect(isSecret(stored["token"])).toBe(true);
    expect(overridden).toMatchObject({ token: "[secret]" });
    const file = readFileSync(join(workspace.folder, "Pulumi.test.yaml"), "utf8");
    for (const text of [preview.output, up.output, up.events.textWithoutDebug, workspace.state().text, file])
      expect(text).not.toMatch(/planted-(token|user)/);
  });

  test("comes with the names of project, stack and organization", () => {
    expect(outputs).toMatchObject({ place: { project: "trial", stack: "test", organization: "organization" } });
  });

  test("says if the run is a preview or an update", () => {
    expect(preview.output).toMatch(/isDryRun *: true/);
    expect(outputs).toMatchObject({ isDryRun: false });
  });
});

describe("a project with `main: ../..`", () => {
  let workspace: Workspace;
  let up: PulumiResult;

  beforeAll(async () => {
    workspace = new Workspace();
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    workspace.write("package.json", '{ "type": "module", "main": "program.ts" }');
    workspace.write("program.ts", "export const place: string = process.cwd();\n");
    workspace.write("examples/one/Pulumi.yaml", `name: trial\n${runtime}\nmain: ../..\n`);
    mkdirSync(join(workspace.folder, "examples", "one", "below"));
    up = await workspace.run("up", { folder: "examples/one/below" });
  });

  afterAll(() => workspace.remove());

  test("runs the program of the folder above, in that folder", () => {
    expect(up.exitCode, up.output).toBe(0);
    expect(workspace.state().resource("trial-test").outputs["place"]).toBe(workspace.folder);
  });
});

describe("a stack's reference to itself", () => {
  let workspace: Workspace;
  let first: unknown, second: unknown;

  beforeAll(async () => {
    workspace = new Workspace("language-nodejs/previous");
    first = await outputsAfter("one");
    second = await outputsAfter("two");
  });

  afterAll(() => workspace.remove());

  async function outputsAfter(value: string): Promise<unknown> {
    const up = await workspace.up({ value });
    expect(up.exitCode, up.output).toBe(0);
    return JSON.parse((await workspace.pulumi(["stack", "output", "--json", "--show-secrets"])).stdout);
  }

  test("has no outputs in the first update", () => {
    expect(first).toMatchObject({ value: "one", known: { secretValue: false } });
    expect(first).not.toHaveProperty("previous");
  });

  test("has the outputs of the last update in the next one, with secrets as secrets", () => {
    expect(second).toMatchObject({ value: "two", previous: "one", previousSecret: "secret one" });
    expect(second).toMatchObject({ known: { value: false, secretValue: true } });
    expect(isSecret(workspace.state().resource("trial-test").outputs["previousSecret"])).toBe(true);
  });
});
