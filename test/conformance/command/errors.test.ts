import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Entries, Journal } from "../journal.ts";
import type { Kind } from "./lifecycle-specs.ts";
import type { CommandInputs, CommandSpecs } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import type { State } from "../../pulumi/state.ts";
import { Workspace } from "../workspace.ts";

interface RunRecord {
  readonly result: PulumiResult;
  readonly noted: Entries;
  readonly state: State;
}
let created: RunRecord, changed: RunRecord, again: RunRecord, destroyed: RunRecord;
const server = sharedServer();
let workspace: Workspace;
let journal: Journal;

const failing = "echo to stdout; echo to stderr >&2; exit 3";

beforeAll(async () => {
  journal = await Journal.open(server);
  workspace = new Workspace("command/commands");
  const [first, then] = [specs(firstInputs), specs(secondInputs)];
  created = await recordRun("up", first);
  changed = await recordRun("up", then);
  again = await recordRun("up", then);
  destroyed = await recordRun("destroy");
});

afterAll(async () => {
  await journal.remove();
  workspace.remove();
});

async function recordRun(operation: "up" | "destroy", given?: CommandSpecs): Promise<RunRecord> {
  const env = { SSH_AUTH_SOCK: server.identity.agentSocket };
  const result = await workspace.run(operation, { given, words: ["--continue-on-error"], env });
  return { result, noted: await journal.take(), state: workspace.state() };
}

function specs(inputsOf: (kind: Kind) => Record<string, CommandInputs>): CommandSpecs {
  const connection = { host: server.address, port: server.port, hostKey: server.hostKey };
  const found: CommandSpecs = {};
  for (const kind of ["remote", "local"] as const)
    for (const [name, inputs] of Object.entries(inputsOf(kind))) {
      const after = name === "dependent" ? { after: `${kind}-exit-3` } : {};
      found[`${kind}-${name}`] = { inputs, ...after, ...(kind === "remote" && { connection }) };
    }
  return found;
}

/** The inputs of the first run: commands that fail in it, and two that fail later. */
function firstInputs(kind: Kind): Record<string, CommandInputs> {
  const note = (file: string, word: string) => journal.note(`${kind}-${file}`, word);
  return {
    "exit-3": { create: `${note("exit-3", "create")}; ${failing}`, delete: note("exit-3", "delete") },
    dependent: { create: note("dependent", "create") },
    "exit-255": { create: "exit 255" },
    killed: { create: "kill -TERM $$" },
    unknown: { create: "no-such-command" },
    quoted: { create: 'echo "a$HOME" é\nexit 1' },
    unlogged: { create: failing, logging: "none" },
    environment: { create: note("environment", '"[$GREETING]"'), environment: { GREETING: "hello" } },
    "accepted-environment": {
      create: note("accepted-environment", '"[$LC_GREETING]"'),
      environment: { LC_GREETING: "hello" },
    },
    // More than sshd buffers: when the command ends, input is still waiting to be sent.
    unread: { create: "sleep 1", stdin: "x".repeat(3 << 20) },
    "bad-update": {
      create: "cat > /dev/null; echo first",
      update: `cat; ${note("bad-update", "update")}; ${failing}`,
      stdin: "one",
    },
    "bad-delete": { create: "true", delete: `${note("bad-delete", "delete")}; ${failing}` },
  };
}

/** The inputs of the later runs: one command is repaired, and another updated. */
function secondInputs(kind: Kind): Record<string, CommandInputs> {
  const first = firstInputs(kind);
  const repaired = {
    create: journal.note(`${kind}-exit-3`, "repaired"),
    delete: journal.note(`${kind}-exit-3`, "delete"),
  };
  return { ...first, "exit-3": repaired, "bad-update": { ...first["bad-update"], stdin: "two" } };
}

describe.each<Kind>(["remote", "local"])("a %s command that fails", (kind) => {
  const noted = (run: RunRecord, name: string) => run.noted[`${kind}-${name}`] ?? [];
  const error = (run: RunRecord, name: string) => run.result.events.said(`${kind}-${name}`, "error");
  const status = (code: number) => (kind === "remote" ? `Process exited with status ${code}` : `exit status ${code}`);

  test("makes the run fail", () => {
    expect(created.result.exitCode).toBe(1);
    expect(created.result.events.failed(`${kind}-exit-3`)).toBe(true);
  });

  test("shows the exit code, the command and all output", () => {
    const [first, ...output] = error(created, "unlogged").trimEnd().split("\n");
    expect(first).toBe(`${status(3)}: running "${failing}":`);
    expect(output.sort()).toEqual(["to stderr", "to stdout"]);
  });

  test("shows the command with Go's quotes", () => {
    expect(error(created, "quoted")).toContain(`${status(1)}: running "echo \\"a$HOME\\" é\\nexit 1":\n`);
  });

  test("shows exit code 255 like any other", () => {
    expect(error(created, "exit-255")).toBe(`${status(255)}: running "exit 255":\n\n`);
  });

  test("shows exit code 127 and the shell's message for an unknown command", () => {
    expect(error(created, "unknown")).toMatch(new RegExp(`^${status(127)}: running "no-such-command":\n.*not found`));
  });

  test("shows the signal that ended it", () => {
    const words = kind === "remote" ? "Process exited with status 143 from signal TERM" : "signal: terminated";
    expect(error(created, "killed")).toBe(`${words}: running "kill -TERM $$":\n\n`);
  });

  test("leaves no resource after a failed create, so that the next run creates it", () => {
    expect(created.state.has(`${kind}-exit-3`)).toBe(false);
    expect(changed.result.events.steps(`${kind}-exit-3`)).toEqual(["create"]);
    expect(noted(changed, "exit-3")).toEqual(["repaired"]);
  });

  test("prevents its dependents from running", () => {
    expect(noted(created, "dependent")).toEqual([]);
    expect(noted(changed, "dependent")).toEqual(["create"]);
  });

  test("keeps its old inputs and outputs after a failed update, so that the next run updates it", () => {
    expect(created.state.has(`${kind}-bad-update`), created.result.output).toBe(true);
    expect(changed.state.resource(`${kind}-bad-update`).inputs["stdin"]).toBe("one");
    expect(changed.state.output(`${kind}-bad-update`, "stdout")).toBe("first");
    expect(noted(changed, "bad-update")).toEqual(["update"]);
    expect(noted(again, "bad-update")).toEqual(["update"]);
  });

  test("keeps the resource after a failed delete", () => {
    expect(destroyed.result.exitCode).toBe(1);
    expect(noted(destroyed, "bad-delete")).toEqual(["delete"]);
    expect(error(destroyed, "bad-delete")).toContain(`${status(3)}: running `);
    expect(destroyed.state.has(`${kind}-bad-delete`)).toBe(true);
    expect(destroyed.state.has(`${kind}-exit-3`)).toBe(false);
  });
});

test("rejects a remote command that does not read its input; a local one is accepted", () => {
  expect(created.result.events.said("remote-unread", "error")).toBe('EOF: running "sleep 1":\n\n');
  expect(created.state.has("local-unread")).toBe(true);
});

test("a local command gets its environment; a remote one gets the variables that sshd accepts", () => {
  expect(created.noted["local-environment"]).toEqual(["[hello]"]);
  expect(created.noted["local-accepted-environment"]).toEqual(["[hello]"]);
  expect(created.noted["remote-accepted-environment"]).toEqual(["[hello]"]);
});

test("rejects a variable of a remote command that sshd does not accept, and runs nothing", () => {
  const error = created.result.events.said("remote-environment", "error");
  expect(error).toContain('could not set environment variable "GREETING": ssh: setenv failed');
  expect(error).toMatch(/Unable to set 'GREETING'.*AcceptEnv/s);
  expect(created.noted["remote-environment"]).toBeUndefined();
});
