import { afterAll, beforeAll, expect, test } from "vitest";
import { TcpProxy } from "../tcp-proxy.ts";
import { type Entries, Journal } from "../journal.ts";
import type { CommandOptions, CommandSpecs } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import { Workspace } from "../workspace.ts";

/** The server, with two proxies that play its old and its new address. */
const server = sharedServer();
let workspace: Workspace;
let journal: Journal;
let oldProxy: TcpProxy, newProxy: TcpProxy;

interface RunRecord {
  readonly result: PulumiResult;
  readonly noted: Entries;
  readonly old: number;
  readonly new: number;
}
let preview: RunRecord, moved: RunRecord, destroyed: RunRecord;

beforeAll(async () => {
  [oldProxy, newProxy] = [await TcpProxy.open(server.port), await TcpProxy.open(server.port)];
  journal = await Journal.open(server);
  workspace = new Workspace("command/commands");
  await recordRun("up", specs(oldProxy, ["moved", "ignoring", "removed"]));
  const then = specs(newProxy, ["moved", "ignoring"]);
  preview = await recordRun("preview", then);
  moved = await recordRun("up", then);
  destroyed = await recordRun("destroy");
});

afterAll(async () => {
  await Promise.all([oldProxy.close(), newProxy.close()]);
  await journal.remove();
  workspace.remove();
});

function specs(proxy: TcpProxy, names: readonly string[]): CommandSpecs {
  const connection = { host: server.address, port: proxy.port, hostKey: server.hostKey };
  const options: Record<string, CommandOptions> = { ignoring: { ignoreChanges: ["connection"] } };
  const inputs = (name: string) => ({
    create: journal.note(name, "create"),
    update: journal.note(name, "update"),
    delete: journal.note(name, "delete"),
  });
  return Object.fromEntries(
    names.map((name) => [name, { connection, inputs: inputs(name), options: options[name] ?? {} }]),
  );
}

async function recordRun(operation: "up" | "preview" | "destroy", given?: CommandSpecs): Promise<RunRecord> {
  oldProxy.resetCounts();
  newProxy.resetCounts();
  const result = await workspace.run(operation, { given, env: { SSH_AUTH_SOCK: server.identity.agentSocket } });
  expect(result.exitCode, result.output).toBe(0);
  return { result, noted: await journal.take(), old: oldProxy.connections, new: newProxy.connections };
}

test("a changed connection is an update, which a preview shows without connecting", () => {
  expect(preview.result.events.steps("moved")).toEqual(["update"]);
  expect(preview.result.events.differences("moved")).toEqual(["connection"]);
  expect([preview.old, preview.new]).toEqual([0, 0]);
});

test("an update runs over the new connection, and the delete of a removed command over the old one", () => {
  expect(moved.noted).toEqual({ moved: ["update"], removed: ["delete"] });
  expect([moved.old, moved.new]).toEqual([1, 1]);
});

test("a command with `ignoreChanges` does not run, and keeps its old connection", () => {
  expect(moved.result.events.steps("ignoring")).toEqual(["same"]);
  expect(destroyed.noted).toEqual({ moved: ["delete"], ignoring: ["delete"] });
  expect([destroyed.old, destroyed.new]).toEqual([1, 1]);
});
