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

/** Lists every container with its start time, and every volume. */
function containersAndVolumes(): Promise<string> {
  const each = "docker inspect --format '{{.Id}} {{.Name}} {{.State.StartedAt}}' $(docker ps --all --quiet)";
  return opened.on(
    `{ ${each}; docker volume inspect --format '{{.Name}} {{.CreatedAt}}' $(docker volume ls -q); } | sort`,
  );
}

/** Expects `up` to adopt everything on the server without a restart, and the next one to find nothing to do. */
async function expectAdopted(): Promise<void> {
  const { aaperture, server } = opened;
  const before = await containersAndVolumes();
  await aaperture.succeed("up", "staging", server);
  expect(await containersAndVolumes()).toBe(before);
  const { events } = await aaperture.succeed("up", "staging", server);
  expect(Object.keys(events.changes)).toEqual(["same"]);
  expect(await containersAndVolumes()).toBe(before);
}

describe("a state that knows less than the server", () => {
  test(
    "because it was not saved at the end of an up is corrected by the next one (F88)",
    async () => {
      const { aaperture, server, folder } = opened;
      const state = join(aaperture.folder, "state");
      cpSync(state, join(folder, "state-before"), { recursive: true, preserveTimestamps: true });
      await aaperture.release("2.0.0");
      await aaperture.succeed("up", "staging", server);
      rmSync(state, { recursive: true });
      cpSync(join(folder, "state-before"), state, { recursive: true, preserveTimestamps: true });
      await expectAdopted();
    },
    long,
  );

  test(
    "because it was lost is made again from the server's memory (F87)",
    async () => {
      rmSync(join(opened.aaperture.folder, "state/.pulumi"), { recursive: true });
      await opened.aaperture.pulumi(["stack", "init"], "staging");
      await expectAdopted();
    },
    long,
  );
});
