import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Kind, specsOf } from "./lifecycle-specs.ts";
import { TcpProxy } from "../tcp-proxy.ts";
import { type Entries, Journal } from "../journal.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import type { State } from "../../pulumi/state.ts";
import type { Operation } from "../../pulumi/workspace.ts";
import { Workspace } from "../workspace.ts";

/** The result of a run: the engine's output, the commands' journal, the number of connections, and the state. */
interface RunRecord {
  readonly result: PulumiResult;
  readonly noted: Entries;
  readonly connections: number;
  readonly state: State;
}

/** The seven runs of one stack with all commands. */
interface Story {
  firstPreview: RunRecord;
  created: RunRecord;
  replaced: RunRecord;
  secondPreview: RunRecord;
  changed: RunRecord;
  refreshed: RunRecord;
  destroyed: RunRecord;
}

const server = sharedServer();
let workspace: Workspace;
let journal: Journal;
let proxy: TcpProxy;
let story: Story;

beforeAll(async () => {
  proxy = await TcpProxy.open(server.port);
  journal = await Journal.open(server);
  workspace = new Workspace("command/commands");
  const connection = { host: server.address, port: proxy.port, hostKey: server.hostKey };
  const [first, then] = [specsOf("first", journal, connection), specsOf("second", journal, connection)];
  const replace = ["**::*-replaced", "**::*-deleted-first"].flatMap((urn) => ["--replace", urn]);
  story = {
    firstPreview: await recordRun("preview", first),
    created: await recordRun("up", first),
    replaced: await recordRun("up", first, replace),
    secondPreview: await recordRun("preview", then),
    changed: await recordRun("up", then),
    refreshed: await recordRun("refresh"),
    destroyed: await recordRun("destroy"),
  };
});

afterAll(async () => {
  await proxy.close();
  await journal.remove();
  workspace.remove();
});

async function recordRun(operation: Operation, given?: unknown, words: readonly string[] = []): Promise<RunRecord> {
  proxy.resetCounts();
  const result = await workspace.run(operation, { given, words, env: { SSH_AUTH_SOCK: server.identity.agentSocket } });
  expect(result.exitCode, result.output).toBe(0);
  return { result, noted: await journal.take(), connections: proxy.connections, state: workspace.state() };
}

describe.each<Kind>(["remote", "local"])("a %s command", (kind) => {
  const noted = (run: keyof Story, name: string) => story[run].noted[`${kind}-${name}`] ?? [];
  const steps = (run: keyof Story, name: string) => story[run].result.events.steps(`${kind}-${name}`);
  const output = (run: keyof Story, name: string, key: string) => story[run].state.output(`${kind}-${name}`, key);

  test("runs `create` once for a new resource", () => {
    expect(noted("created", "unchanged")).toEqual(["create"]);
  });

  test("runs nothing for an unchanged resource", () => {
    expect(steps("changed", "unchanged")).toEqual(["same"]);
    expect(noted("replaced", "unchanged")).toEqual([]);
    expect(noted("changed", "unchanged")).toEqual([]);
  });

  test("runs `update` when stdin changes", () => {
    expect(story.changed.result.events.differences(`${kind}-other-stdin`)).toEqual(["stdin"]);
    expect(noted("changed", "other-stdin")).toEqual(["update two"]);
  });

  test("runs `update` when only `delete` changes", () => {
    expect(noted("changed", "other-delete")).toEqual(["update"]);
  });

  test("runs `update` when only `logging` changes", () => {
    expect(noted("changed", "other-logging")).toEqual(["update"]);
  });

  test("runs a changed `create` if there is no `update`", () => {
    expect(noted("changed", "other-create")).toEqual(["new create"]);
  });

  test("runs `create` when `update` is removed", () => {
    expect(noted("changed", "without-update")).toEqual(["create"]);
  });

  test("runs nothing for a new resource without `create`, and `update` on a change", () => {
    expect(steps("created", "without-create")).toEqual(["create"]);
    expect(noted("created", "without-create")).toEqual([]);
    expect(noted("changed", "without-create")).toEqual(["update two"]);
  });

  test("runs nothing until it is deleted if there is only `delete`", () => {
    expect(steps("changed", "only-delete")).toEqual(["update"]);
    expect(noted("created", "only-delete")).toEqual([]);
    expect(noted("changed", "only-delete")).toEqual([]);
    expect(noted("destroyed", "only-delete")).toEqual(["delete two"]);
  });

  test("runs `delete` with the last stdin when the resource is removed from the program", () => {
    expect(steps("changed", "removed")).toEqual(["delete"]);
    expect(noted("changed", "removed")).toEqual(["delete last words"]);
  });

  test("runs nothing when a resource without `delete` is removed", () => {
    expect(steps("changed", "without-delete")).toEqual(["delete"]);
    expect(noted("changed", "without-delete")).toEqual([]);
  });

  test("runs nothing when a resource with `retainOnDelete` is removed", () => {
    expect(story.changed.state.has(`${kind}-retained`)).toBe(false);
    expect(noted("changed", "retained")).toEqual([]);
  });

  test("runs `create` under its new name, then `delete` under the old name with the old stdin", () => {
    expect(noted("changed", "renamed")).toEqual(["create new", "delete old"]);
  });

  test("runs `create`, then `delete` when --replace names the resource", () => {
    expect(steps("replaced", "replaced")).toEqual(["create-replacement", "replace", "delete-replaced"]);
    expect(noted("replaced", "replaced")).toEqual(["create", "delete"]);
  });

  test("runs `delete` first for --replace with `deleteBeforeReplace`", () => {
    expect(noted("replaced", "deleted-first")).toEqual(["delete", "create"]);
  });

  test("runs the `delete` of the last update when the stack is destroyed", () => {
    expect(noted("destroyed", "unchanged")).toEqual(["delete"]);
    expect(noted("destroyed", "other-delete")).toEqual(["new delete"]);
    expect(noted("destroyed", "other-stdin")).toEqual(["delete two"]);
    expect(noted("destroyed", "removed")).toEqual([]);
  });

  test.each(["no-stdin", "empty-stdin"])("gets an empty standard input with %s", (name) => {
    expect(noted("created", name)).toEqual(["create "]);
  });

  test("reads a megabyte of stdin completely", () => {
    expect(output("created", "large-stdin", "stdout")).toBe("1048576");
  });

  test("has separate outputs for stdout and stderr, each without its last newline", () => {
    expect(output("created", "output", "stdout")).toBe("é\n");
    expect(output("created", "output", "stderr")).toBe("warning");
  });

  test("gets no previous output and no warning if `addPreviousOutputInEnv` is false", () => {
    expect(noted("changed", "without-previous")).toEqual(["[]"]);
    expect(story.changed.result.events.said(`${kind}-without-previous`, "warning")).toBe("");
  });
});

test("a local command gets its previous output in the environment", () => {
  expect(story.changed.noted["local-previous"]).toEqual(["[out] [err]"]);
});

test("a remote command runs without its previous output, with warnings, if sshd does not accept the variables", () => {
  expect(story.changed.noted["remote-previous"]).toEqual(["[] []"]);
  const warnings = story.changed.result.events.said("remote-previous", "warning");
  expect(warnings).toContain("Unable to set 'PULUMI_COMMAND_STDOUT'");
  expect(warnings).toContain("Unable to set 'PULUMI_COMMAND_STDERR'");
});

test("a preview runs nothing and makes no connection", () => {
  expect(story.firstPreview.result.events.steps("remote-unchanged")).toEqual(["create"]);
  expect(story.firstPreview.noted).toEqual({});
  expect(story.firstPreview.connections).toBe(0);
});

test("a preview of changes runs nothing and makes no connection", () => {
  expect(story.secondPreview.result.events.steps("remote-other-stdin")).toEqual(["update"]);
  expect(story.secondPreview.noted).toEqual({});
  expect(story.secondPreview.connections).toBe(0);
});

test("a refresh runs nothing and makes no connection", () => {
  expect(story.refreshed.result.events.changes).toEqual({ same: story.refreshed.state.resources.length - 1 });
  expect(story.refreshed.noted).toEqual({});
  expect(story.refreshed.connections).toBe(0);
});

test("each remote command that runs makes one connection; the others make none", () => {
  expect(story.created.connections).toBe(18);
  expect(story.replaced.connections).toBe(4);
  expect(story.changed.connections).toBe(11);
  expect(story.destroyed.connections).toBe(11);
});
