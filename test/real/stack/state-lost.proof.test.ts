import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AapertureServer } from "./aaperture-server.ts";

const long = 600_000;
let opened: AapertureServer;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  await opened.aaperture.succeed("up", "staging", opened.server);
}, long);
afterAll(() => opened.close());

/** Every container with the moment at which it started, and every volume. */
function running(): Promise<string> {
  const each = "docker inspect --format '{{.Id}} {{.Name}} {{.State.StartedAt}}' $(docker ps --all --quiet)";
  return opened.on(
    `{ ${each}; docker volume inspect --format '{{.Name}} {{.CreatedAt}}' $(docker volume ls -q); } | sort`,
  );
}

/** An `up` that takes what is on the server for what it is: nothing is started again, and the next one has nothing to do. */
async function expectTakesOver(): Promise<void> {
  const { aaperture, server } = opened;
  const before = await running();
  await aaperture.succeed("up", "staging", server);
  expect(await running()).toBe(before);
  const { events } = await aaperture.succeed("up", "staging", server);
  expect(Object.keys(events.changes)).toEqual(["same"]);
  expect(await running()).toBe(before);
}

describe("a state that knows less than the server", () => {
  test(
    "since it could not be saved at the end of an up, is made right by the next one (F88)",
    async () => {
      const { aaperture, server, folder } = opened;
      const state = join(aaperture.folder, "state");
      cpSync(state, join(folder, "state-before"), { recursive: true, preserveTimestamps: true });
      await aaperture.release("2.0.0");
      await aaperture.succeed("up", "staging", server);
      rmSync(state, { recursive: true });
      cpSync(join(folder, "state-before"), state, { recursive: true, preserveTimestamps: true });
      await expectTakesOver();
    },
    long,
  );

  test(
    "since it was lost altogether, is made again from what the server remembers (F87)",
    async () => {
      rmSync(join(opened.aaperture.folder, "state/.pulumi"), { recursive: true });
      await opened.aaperture.pulumi(["stack", "init"], "staging");
      await expectTakesOver();
    },
    long,
  );
});
