import { afterAll, beforeAll, expect, test } from "vitest";
import { Door } from "../tcp-proxy.ts";
import { type Entries, Journal } from "../journal.ts";
import type { CommandOptions, CommandSpecs } from "../programs/command/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import { Workspace } from "../workspace.ts";

/** Two doors to the same server stand for two addresses that it has one after the other. */
const server = sharedServer();
let workspace: Workspace;
let journal: Journal;
let oldDoor: Door, newDoor: Door;

interface Chapter {
  readonly result: PulumiResult;
  readonly noted: Entries;
  readonly old: number;
  readonly new: number;
}
let preview: Chapter, moved: Chapter, destroyed: Chapter;

beforeAll(async () => {
  [oldDoor, newDoor] = [await Door.open(server.port), await Door.open(server.port)];
  journal = await Journal.open(server);
  workspace = new Workspace("command/commands");
  await chapter("up", specs(oldDoor, ["moved", "ignoring", "removed"]));
  const then = specs(newDoor, ["moved", "ignoring"]);
  preview = await chapter("preview", then);
  moved = await chapter("up", then);
  destroyed = await chapter("destroy");
});

afterAll(async () => {
  await Promise.all([oldDoor.close(), newDoor.close()]);
  await journal.remove();
  workspace.remove();
});

function specs(door: Door, names: readonly string[]): CommandSpecs {
  const connection = { host: server.address, port: door.port, hostKey: server.hostKey };
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

async function chapter(operation: "up" | "preview" | "destroy", given?: CommandSpecs): Promise<Chapter> {
  oldDoor.forget();
  newDoor.forget();
  const result = await workspace.run(operation, { given, env: { SSH_AUTH_SOCK: server.identity.agentSocket } });
  expect(result.exitCode, result.output).toBe(0);
  return { result, noted: await journal.take(), old: oldDoor.connections, new: newDoor.connections };
}

test("another connection is an update, which a preview shows without making one", () => {
  expect(preview.result.events.steps("moved")).toEqual(["update"]);
  expect(preview.result.events.differences("moved")).toEqual(["connection"]);
  expect([preview.old, preview.new]).toEqual([0, 0]);
});

test("the update goes through the new connection, the delete of a removed command through the old one", () => {
  expect(moved.noted).toEqual({ moved: ["update"], removed: ["delete"] });
  expect([moved.old, moved.new]).toEqual([1, 1]);
});

test("ignoreChanges keeps a command from running, and with its old connection", () => {
  expect(moved.result.events.steps("ignoring")).toEqual(["same"]);
  expect(destroyed.noted).toEqual({ moved: ["delete"], ignoring: ["delete"] });
  expect([destroyed.old, destroyed.new]).toEqual([1, 1]);
});
