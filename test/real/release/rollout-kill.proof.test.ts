import { beforeAll, describe, expect, test } from "vitest";
import { startServers, type TestServers } from "../../hosts/servers.ts";
import { staging } from "../fixtures/aaperture.ts";
import { RolloutStack } from "./rollout-stack.ts";

let hosts: TestServers;
let stack: RolloutStack;

beforeAll(async () => {
  hosts = await startServers(1);
  stack = await RolloutStack.open(hosts);
  expect(await stack.apply(await stack.release({ version: "first" }))).toBe("applied");
  return async () => {
    await stack.host.close();
    await hosts.stop();
  };
});

/** Expects that only this release is left, and that everything is as its document says. */
async function expectOnlyRelease(version: string): Promise<void> {
  expect(await stack.serves()).toBe(version);
  expect(await stack.differences()).toEqual([]);
  expect(await stack.routesHeader()).toContain(`release: ${version},`);
  const colour = /colour: (\w+)/.exec(await stack.routesHeader())?.[1] ?? "";
  const names = ["api", "web"].map((service) => `${staging.project}-${colour}-${service}-${colour}-1`);
  expect(await stack.containers()).toEqual(names);
}

describe("a rollout that is killed", () => {
  test.each(["up", "switch", "verify"])(
    "at the step '%s' keeps serving, and the same document converges",
    async (step) => {
      const before = await stack.serves();
      const document = await stack.release({ version: `same-${step}` });
      expect((await stack.run(document, step)).code).toBe(137);
      expect([before, `same-${step}`]).toContain(await stack.serves());
      expect(await stack.apply(document)).toBe("applied");
      await expectOnlyRelease(`same-${step}`);
    },
  );

  test.each(["prepare", "gate", "verify", "retire"])(
    "at the step '%s' keeps serving, and another document converges",
    async (step) => {
      const before = await stack.serves();
      expect((await stack.run(await stack.release({ version: `killed-${step}` }), step)).code).toBe(137);
      expect([before, `killed-${step}`]).toContain(await stack.serves());
      expect(await stack.apply(await stack.release({ version: `next-${step}` }))).toBe("applied");
      await expectOnlyRelease(`next-${step}`);
    },
  );
});
