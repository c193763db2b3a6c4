import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Kind } from "./lifecycle-specs.ts";
import type { CommandSpec, CommandSpecs } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import { isSecret, type State } from "../../pulumi/state.ts";
import { Workspace } from "../workspace.ts";

const server = sharedServer();
let workspace: Workspace;
let up: PulumiResult, preview: PulumiResult, failed: PulumiResult;
let state: State;
/** The text of every file that the engine wrote for the stack: state, backups, history. */
let stored: string;

const kinds = ["remote", "local"] as const;
const modes = ["stdout", "stderr", "stdoutAndStderr", "none"] as const;

beforeAll(async () => {
  workspace = new Workspace("command/commands");
  up = await run("up", specs("planted"));
  expect(up.exitCode, up.output).toBe(0);
  state = workspace.state();
  preview = await run("preview", specs("replanted"), ["--diff"]);
  failed = await run("up", failing());
  stored = filesBelow(join(workspace.folder, "state")).join("\n");
});

afterAll(() => workspace.remove());

function run(operation: "up" | "preview", given: CommandSpecs, words: readonly string[] = []): Promise<PulumiResult> {
  return workspace.run(operation, { given, words, env: { SSH_AUTH_SOCK: server.identity.agentSocket } });
}

function specs(secret: string): CommandSpecs {
  return forBoth((kind) => {
    const talking = { create: "echo to stdout; echo to stderr >&2" };
    const hidden = { additionalSecretOutputs: ["stdout", "stderr"] };
    return {
      ...Object.fromEntries(modes.map((logging) => [`logging-${logging}`, { inputs: { ...talking, logging } }])),
      "logging-default": { inputs: talking },
      silent: { inputs: { create: "cat > /dev/null", stdin: `${secret}-${kind}-silent` }, secrets: ["stdin"] },
      quiet: {
        inputs: { create: "tee /dev/stderr", stdin: `${secret}-${kind}-quiet`, logging: "none" },
        secrets: ["stdin"],
        options: hidden,
      },
      "secret-create": {
        inputs: { create: `: ${secret}-${kind}-create`, delete: `: ${secret}-${kind}-delete` },
        secrets: ["create", "delete"],
      },
      leaky: { inputs: { create: "cat", stdin: `${secret}-${kind}-leaked` }, secrets: ["stdin"] },
    };
  });
}

/** A command that prints its secret and fails. */
function failing(): CommandSpecs {
  return forBoth((kind) => ({
    failing: {
      inputs: { create: "cat; exit 1", stdin: `planted-${kind}-failing`, logging: "none" },
      secrets: ["stdin"],
      options: { additionalSecretOutputs: ["stdout", "stderr"] },
    },
  }));
}

function forBoth(specsOf: (kind: Kind) => Record<string, CommandSpec>): CommandSpecs {
  const connection = { host: server.address, port: server.port, hostKey: server.hostKey };
  const entries = kinds.flatMap((kind) =>
    Object.entries(specsOf(kind)).map(([name, spec]): [string, CommandSpec] => [
      `${kind}-${name}`,
      kind === "remote" ? { ...spec, connection } : spec,
    ]),
  );
  return Object.fromEntries(entries);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
}

describe.each(kinds)("the output of a %s command", (kind) => {
  const shown = (mode: string) => up.events.said(`${kind}-logging-${mode}`, "info").trimEnd().split("\n").sort();

  test.each([
    ["default", ["to stderr", "to stdout"]],
    ["stdoutAndStderr", ["to stderr", "to stdout"]],
    ["stdout", ["to stdout"]],
    ["stderr", ["to stderr"]],
    ["none", [""]],
  ])("is, with logging %s, shown line by line as %j", (mode, lines) => {
    expect(shown(mode)).toEqual(lines);
  });

  test("is shown only while the command runs", () => {
    const messages = up.events.messages.filter(({ resource }) => resource === `${kind}-logging-default`);
    expect(messages.map(({ ephemeral }) => ephemeral)).toEqual([true, true]);
  });

  test.each(modes)("is an output of the resource, also with logging %s", (mode) => {
    expect(state.output(`${kind}-logging-${mode}`, "stdout")).toBe("to stdout");
    expect(state.output(`${kind}-logging-${mode}`, "stderr")).toBe("to stderr");
  });
});

describe.each(kinds)("a secret of a %s command", (kind) => {
  const planted = (name: string) => new RegExp(`planted-${kind}-${name}`);

  test("never appears in state, output or event log if it is in stdin", () => {
    expect(isSecret(state.resource(`${kind}-silent`).inputs["stdin"])).toBe(true);
    expect(isSecret(state.output(`${kind}-silent`, "stdin"))).toBe(true);
    for (const text of [stored, up.output, preview.output, up.events.textWithoutDebug, preview.events.textWithoutDebug])
      expect(text).not.toMatch(planted("silent"));
  });

  test("never appears anywhere if it is printed with `logging: none` and `additionalSecretOutputs`", () => {
    for (const key of ["stdin", "stdout", "stderr"]) expect(isSecret(state.output(`${kind}-quiet`, key))).toBe(true);
    for (const text of [stored, up.output, preview.output, up.events.textWithoutDebug, preview.events.textWithoutDebug])
      expect(text).not.toMatch(planted("quiet"));
  });

  test("never appears anywhere if it is in the command itself", () => {
    for (const text of [stored, up.output, preview.output, up.events.textWithoutDebug, preview.events.textWithoutDebug])
      expect(text).not.toMatch(planted("(create|delete)"));
  });

  test("is shown as `[secret] => [secret]` in a preview if it changes", () => {
    expect(preview.events.steps(`${kind}-silent`)).toEqual(["update"]);
    expect(preview.output).toMatch(/~ stdin *: \[secret\] => \[secret\]/);
  });

  test("appears in output and state if the command prints it and the output is not marked as secret", () => {
    expect(state.output(`${kind}-leaky`, "stdout")).toBe(`planted-${kind}-leaked`);
    expect(up.output).toMatch(planted("leaked"));
  });

  test("appears in the error of a failed command that prints it, even if its outputs are secret", () => {
    expect(failed.events.said(`${kind}-failing`, "error")).toMatch(planted("failing"));
  });
});

test("the connection of a remote command is a secret as a whole", () => {
  expect(isSecret(state.resource("remote-silent").inputs["connection"])).toBe(true);
  expect(isSecret(state.output("remote-silent", "connection"))).toBe(true);
  for (const text of [stored, up.output, up.events.textWithoutDebug]) expect(text).not.toContain(server.hostKey);
});

test("an event log contains all secrets in the SDK's debug lines, so it must be kept secret", () => {
  expect(up.events.text).toContain("planted-remote-quiet");
});
