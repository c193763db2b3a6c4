import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Engine } from "../../../host/docker/engine.ts";
import { passGate } from "../../../host/checks/gate.ts";
import { Progress } from "../../../host/progress.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { composeOnPath } from "./compose/compose-on-path.ts";
import { Shop, sleeps } from "./compose/shop.ts";
import { docker } from "./docker.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const image = recipeTag(base);

/** Runs a container whose labels look like parts of an answer about others, or like commands. */
function runHostile(name: string, labels: Readonly<Record<string, string>>): string {
  const words = Object.entries(labels).flatMap(([key, text]) => ["--label", `${key}=${text}`]);
  const id = docker("run", "--detach", "--network", "none", "--name", name, ...words, image, ...sleeps);
  onTestFinished(() => void docker("rm", "--force", id));
  return id;
}

const command = "BASH_VERSINFO[$(touch /pwned)0]";

function forgedLabels(project: string, service: string): Readonly<Record<string, string>> {
  const line = `\u001f${"a".repeat(64)}\u001f${project}\u001f${service}\u001frunning`;
  return {
    "com.docker.compose.project": `${project}\n${line}`,
    "com.docker.compose.service": `${service}${line}\n$(touch /pwned)`,
    "com.docker.compose.container-number": command,
    restarts: command,
  };
}

describe("a container with hostile labels", () => {
  it("is not removed with the project whose name it forges, and keeps nothing of it (F133, SEC-A1)", async () => {
    const shop = new Shop();
    await shop.apply({ queue: {} });
    const foreign = [
      runHostile(`${shop.project}x-image`, {
        "com.docker.compose.project": shop.project,
        "com.docker.compose.service": "other",
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.config-hash": "0",
        "com.docker.compose.image": `sha256:${"0".repeat(64)}`,
      }),
      runHostile(`${shop.project}x-forged`, forgedLabels(shop.project, "queue")),
      runHostile(`${shop.project}x-claims`, {
        ...forgedLabels(shop.project, "queue"),
        "com.docker.compose.project": shop.project,
      }),
    ];
    await shop.apply({ queue: {} });
    expect(await shop.differences({ queue: {} })).toEqual([]);
    await shop.remove({ queue: {} });
    const left = foreign.map((id) => docker("inspect", "--format", "{{.State.Running}}", id));
    expect(left).toEqual(["true", "true", "true"]);
    expect(shop.names()).toEqual(["claims", "forged", "image"].map((name) => `${shop.project}x-${name}`));
    expect(existsSync("/pwned")).toBe(false);
  });

  it("is no replica of the colour whose name it forges (F133, SEC-A1)", async () => {
    const shop = new Shop();
    const project = `${shop.project}-blue`;
    const gate = { answers: 1, seconds: 0.1, interval: 0.1 };
    const pass = (): Promise<void> =>
      passGate({
        ...{ engine: new Engine(), project, colour: "blue", live: false, signal: AbortSignal.timeout(30_000) },
        progress: new Progress(),
        services: { web: { image, deadline: 20, gate } },
      });
    runHostile(`${shop.project}x-forged`, forgedLabels(project, "web-blue"));
    await expect(pass()).rejects.toThrow("'web' has no container");
    runHostile(`${shop.project}x-image`, {
      "com.docker.compose.project": project,
      "com.docker.compose.service": "web-blue",
      "com.docker.compose.oneoff": "False",
      "com.docker.compose.config-hash": "0",
      "com.docker.compose.image": `sha256:${"0".repeat(64)}`,
    });
    await expect(pass()).rejects.toThrow("'web' has no container");
    runHostile(`${project}-web-blue-1`, {
      ...forgedLabels(project, "web-blue"),
      "com.docker.compose.project": project,
      "com.docker.compose.service": "web-blue",
    });
    await pass();
    expect(existsSync("/pwned")).toBe(false);
  });
});
