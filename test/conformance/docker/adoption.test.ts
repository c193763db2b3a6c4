import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Chapter, DockerStack } from "./docker-stack.ts";
import type { DockerSpecs } from "../programs/docker/spec.ts";
import { sharedServer } from "../shared-server.ts";

/** Volumes that exist before the stack does. */
const stack = new DockerStack(sharedServer());
let adopted: Chapter, preview: Chapter, refreshed: Chapter, again: Chapter, destroyed: Chapter;

beforeAll(async () => {
  await stack.makeVolume("existing");
  await stack.makeVolume("labelled", "--label made=elsewhere");
  await stack.makeVolume("ignoring", "--label made=elsewhere");
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

describe("a volume that exists already (from the facts)", () => {
  test("is adopted without a word, with what is in it", async () => {
    expect(adopted.result.exitCode, adopted.result.output).toBe(0);
    expect(adopted.result.events.steps("existing")).toEqual(["create"]);
    expect(adopted.result.events.messages).toEqual([]);
    expect(await stack.hasFile("existing")).toBe(true);
  });

  test("is unchanged for a refresh", () => {
    expect(preview.result.events.steps("existing")).toEqual(["refresh", "same"]);
  });

  test("with labels that the program lacks is to be replaced in every preview with refresh", () => {
    for (const run of [preview, again]) {
      expect(run.result.events.replacementReasons("labelled")).toEqual(["labels"]);
      expect(run.result.events.steps("labelled")).toContain("create-replacement");
    }
    expect(refreshed.result.exitCode).toBe(0);
  });

  test("with such labels is unchanged with ignoreChanges", () => {
    expect(preview.result.events.steps("ignoring")).toEqual(["refresh", "same"]);
    expect(again.result.events.steps("ignoring")).toEqual(["refresh", "same"]);
  });
});

test("the volume of an adopted one goes with the stack, like any other (from the facts)", async () => {
  destroyed = await stack.run("destroy", undefined);
  expect(destroyed.result.exitCode, destroyed.result.output).toBe(0);
  expect(destroyed.volumes).not.toContain("existing");
});
