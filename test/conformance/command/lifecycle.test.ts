import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { form, type Kind } from "./lifecycle-specs.ts";
import { Door } from "../tcp-proxy.ts";
import { type Entries, Journal } from "../journal.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import type { State } from "../../pulumi/state.ts";
import type { Operation } from "../../pulumi/workspace.ts";
import { Workspace } from "../workspace.ts";

/** What one run did: the engine's words, the commands' notes, the connections made, and the state afterwards. */
interface Chapter {
  readonly result: PulumiResult;
  readonly noted: Entries;
  readonly connections: number;
  readonly state: State;
}

/** One stack with all commands lives through seven runs; the tests look at what was noted. */
interface Story {
  firstPreview: Chapter;
  created: Chapter;
  replaced: Chapter;
  secondPreview: Chapter;
  changed: Chapter;
  refreshed: Chapter;
  destroyed: Chapter;
}

const server = sharedServer();
let workspace: Workspace;
let journal: Journal;
let door: Door;
let story: Story;

beforeAll(async () => {
  door = await Door.open(server.port);
  journal = await Journal.open(server);
  workspace = new Workspace("command/commands");
  const connection = { host: server.address, port: door.port, hostKey: server.hostKey };
  const [first, then] = [form(0, journal, connection), form(1, journal, connection)];
  const replace = ["**::*-replaced", "**::*-deleted-first"].flatMap((urn) => ["--replace", urn]);
  story = {
    firstPreview: await chapter("preview", first),
    created: await chapter("up", first),
    replaced: await chapter("up", first, replace),
    secondPreview: await chapter("preview", then),
    changed: await chapter("up", then),
    refreshed: await chapter("refresh"),
    destroyed: await chapter("destroy"),
  };
});

afterAll(async () => {
  await door.close();
  await journal.remove();
  workspace.remove();
});

async function chapter(operation: Operation, given?: unknown, words: readonly string[] = []): Promise<Chapter> {
  door.forget();
  const result = await workspace.run(operation, { given, words, env: { SSH_AUTH_SOCK: server.identity.agentSocket } });
  expect(result.exitCode, result.output).toBe(0);
  return { result, noted: await journal.take(), connections: door.connections, state: workspace.state() };
}

describe.each<Kind>(["remote", "local"])("a %s command", (kind) => {
  const noted = (run: keyof Story, name: string) => story[run].noted[`${kind}-${name}`] ?? [];
  const steps = (run: keyof Story, name: string) => story[run].result.events.steps(`${kind}-${name}`);
  const output = (run: keyof Story, name: string, key: string) => story[run].state.output(`${kind}-${name}`, key);

  test("runs `create` once, when the resource is new", () => {
    expect(noted("created", "unchanged")).toEqual(["create"]);
  });

  test("runs nothing for a resource that does not change", () => {
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

  test("runs the new `create` when that changes and there is no `update`", () => {
    expect(noted("changed", "other-create")).toEqual(["new create"]);
  });

  test("runs `create` when `update` is taken away", () => {
    expect(noted("changed", "without-update")).toEqual(["create"]);
  });

  test("runs nothing at first without `create`, and `update` later", () => {
    expect(steps("created", "without-create")).toEqual(["create"]);
    expect(noted("created", "without-create")).toEqual([]);
    expect(noted("changed", "without-create")).toEqual(["update two"]);
  });

  test("runs nothing before its end when there is only `delete`", () => {
    expect(steps("changed", "only-delete")).toEqual(["update"]);
    expect(noted("created", "only-delete")).toEqual([]);
    expect(noted("changed", "only-delete")).toEqual([]);
    expect(noted("destroyed", "only-delete")).toEqual(["delete two"]);
  });

  test("runs `delete` with the last stdin when the program no longer has the resource", () => {
    expect(steps("changed", "removed")).toEqual(["delete"]);
    expect(noted("changed", "removed")).toEqual(["delete last words"]);
  });

  test("runs nothing when a resource without `delete` goes", () => {
    expect(steps("changed", "without-delete")).toEqual(["delete"]);
    expect(noted("changed", "without-delete")).toEqual([]);
  });

  test("runs nothing when a resource with retainOnDelete goes", () => {
    expect(story.changed.state.has(`${kind}-retained`)).toBe(false);
    expect(noted("changed", "retained")).toEqual([]);
  });

  test("of another name is created first, then the old one deleted with its old stdin", () => {
    expect(noted("changed", "renamed")).toEqual(["create new", "delete old"]);
  });

  test("runs `create`, then `delete` when --replace names the resource", () => {
    expect(steps("replaced", "replaced")).toEqual(["create-replacement", "replace", "delete-replaced"]);
    expect(noted("replaced", "replaced")).toEqual(["create", "delete"]);
  });

  test("runs `delete` first for --replace with deleteBeforeReplace", () => {
    expect(noted("replaced", "deleted-first")).toEqual(["delete", "create"]);
  });

  test("runs the `delete` of the last update when the stack is destroyed", () => {
    expect(noted("destroyed", "unchanged")).toEqual(["delete"]);
    expect(noted("destroyed", "other-delete")).toEqual(["new delete"]);
    expect(noted("destroyed", "other-stdin")).toEqual(["delete two"]);
    expect(noted("destroyed", "removed")).toEqual([]);
  });

  test.each(["no-stdin", "empty-stdin"])("finds the end of its standard input at once with %s", (name) => {
    expect(noted("created", name)).toEqual(["create "]);
  });

  test("reads a megabyte of stdin whole", () => {
    expect(output("created", "large-stdin", "stdout")).toBe("1048576");
  });

  test("keeps stdout and stderr apart, each without its last newline", () => {
    expect(output("created", "output", "stdout")).toBe("é\n");
    expect(output("created", "output", "stderr")).toBe("warning");
  });

  test("says nothing of the previous output with addPreviousOutputInEnv false", () => {
    expect(noted("changed", "without-previous")).toEqual(["[]"]);
    expect(story.changed.result.events.said(`${kind}-without-previous`, "warning")).toBe("");
  });
});

test("a local command finds its previous output in the environment", () => {
  expect(story.changed.noted["local-previous"]).toEqual(["[out] [err]"]);
});

test("a remote command runs without its previous output, with warnings, where sshd accepts no environment", () => {
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

test("each remote command that runs makes one connection, and none is made where nothing runs", () => {
  expect(story.created.connections).toBe(18);
  expect(story.replaced.connections).toBe(4);
  expect(story.changed.connections).toBe(11);
  expect(story.destroyed.connections).toBe(11);
});
