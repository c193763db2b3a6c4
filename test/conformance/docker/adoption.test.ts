import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunRecord, DockerStack } from "./docker-stack.ts";
import type { DockerSpecs } from "../programs/docker/spec.ts";
import { sharedServer } from "../shared-server.ts";

// Volumes that exist before the stack.
const stack = new DockerStack(sharedServer());
let adopted: RunRecord, preview: RunRecord, refreshed: RunRecord, again: RunRecord, destroyed: RunRecord;

beforeAll(async () => {
  await stack.createVolume("existing");
  await stack.createVolume("labelled", "--label made=elsewhere");
  await stack.createVolume("ignoring", "--label made=elsewhere");
  adopted = await stack.run("up", program());
  preview = await stack.run("preview", program(), ["--refresh"]);
  refreshed = await stack.run("refresh", program());
  again = await stack.run("preview", program(), ["--refresh"]);
});

afterAll(() => stack.remove());

function program(): DockerSpecs {
  return {
    providers: { host: stack.provider() },
    volumes: {
      existing: stack.volume("existing"),
      labelled: stack.volume("labelled"),
      ignoring: stack.volume("ignoring", {}, { ignoreChanges: ["labels"] }),
    },
  };
}

describe("an existing volume (observed elsewhere)", () => {
  test("is adopted without a message, and keeps its content", async () => {
    expect(adopted.result.exitCode, adopted.result.output).toBe(0);
    expect(adopted.result.events.steps("existing")).toEqual(["create"]);
    expect(adopted.result.events.messages).toEqual([]);
    expect(await stack.hasFile("existing")).toBe(true);
  });

  test("is unchanged by a refresh", () => {
    expect(preview.result.events.steps("existing")).toEqual(["refresh", "same"]);
  });

  test("is planned to be replaced in every preview with refresh if it has labels that the program lacks", () => {
    for (const run of [preview, again]) {
      expect(run.result.events.replacementReasons("labelled")).toEqual(["labels"]);
      expect(run.result.events.steps("labelled")).toContain("create-replacement");
    }
    expect(refreshed.result.exitCode).toBe(0);
  });

  test("is unchanged with `ignoreChanges` of its labels", () => {
    expect(preview.result.events.steps("ignoring")).toEqual(["refresh", "same"]);
    expect(again.result.events.steps("ignoring")).toEqual(["refresh", "same"]);
  });
});

test("an adopted volume is deleted with its stack, like any other (observed elsewhere)", async () => {
  destroyed = await stack.run("destroy", undefined);
  expect(destroyed.result.exitCode, destroyed.result.output).toBe(0);
  expect(destroyed.volumes).not.toContain("existing");
});
