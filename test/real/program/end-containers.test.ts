import { beforeAll, expect, it, onTestFinished } from "vitest";
import { endContainers } from "../../../host/project/end-containers.ts";
import { journalOf, phasesOf, uncleanEnds } from "../../../host/records/phases.ts";
import { noteStep } from "../../../host/state/journal.ts";
import { testServer } from "../../host/verbs/server.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { docker } from "./docker.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
});

it("a container that does not end in its grace period is killed, and the record says so (F52)", async () => {
  const { unique, said, work } = testServer();
  const { engine, state } = work("compose");
  const run = (name: string, command: string): string => {
    const words = ["--detach", "--init", "--stop-timeout", "1", "--name", `${unique}-${name}`];
    return docker("run", ...words, recipeTag(base), "sh", "-c", command);
  };
  const ids = [run("deaf", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"), run("polite", "sleep 60")];
  onTestFinished(() => void docker("rm", "--force", ...ids));
  await expect.poll(() => docker("logs", `${unique}-deaf`), { timeout: 20_000 }).toBe("deaf");
  const containers = await Promise.all(ids.map((id) => engine.container(id)));
  const journal = (step: string): void => {
    noteStep(state, { run: "run-1", verb: "confirm", action: "apply", step, number: "1.a", resource: "confirm" });
  };
  await endContainers(
    containers.filter((container) => container !== undefined),
    "release",
    work("compose", { journal }),
  );
  expect(said).toEqual([`release: '${unique}-deaf' did not end within its grace period, and was killed`]);
  const lines = journalOf(state, "run-1");
  expect(uncleanEnds(lines)).toEqual([`'${unique}-deaf' did not end in time and was killed`]);
  expect(phasesOf(lines)).toEqual({});
});
