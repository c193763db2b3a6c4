import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Engine } from "../../../host/docker/engine.ts";
import { ageOf, waitReady } from "../../../host/health/wait.ts";
import { Progress } from "../../../host/progress.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { docker, madeByCompose } from "./docker.ts";

const engine = new Engine();
let projects = 0;

beforeAll(async () => {
  await ensureImages([base], () => undefined);
});

/** A compose project of containers with the image of the tests, each with its own command. */
class Project {
  readonly name = `slipway-wait-${process.pid}-${(projects += 1)}`;

  constructor() {
    onTestFinished(() => {
      const ids = docker("ps", "--all", "--quiet", "--filter", `label=com.docker.compose.project=${this.name}`);
      if (ids !== "") docker("rm", "--force", ...ids.split("\n"));
    });
  }

  run(service: string, command: string, ...options: string[]): string {
    const labels = [`com.docker.compose.project=${this.name}`, `com.docker.compose.service=${service}`];
    labels.push(madeByCompose(recipeTag(base)));
    const words = labels.flatMap((label) => ["--label", label]);
    return docker("run", "--detach", "--network", "none", ...words, ...options, recipeTag(base), "sh", "-c", command);
  }

  async wait(services: Readonly<Record<string, number>>) {
    const awaited = Object.entries(services).map(([name, deadline]) => ({ name, deadline }));
    const failed = await waitReady(engine, this.name, awaited, {
      signal: AbortSignal.timeout(30_000),
      progress: new Progress(),
    });
    return failed.map(({ service, why }) => `${service} ${why}`);
  }
}

describe("waiting for the services of a project", () => {
  it("ends when all are running, and healthy where they have a health check", async () => {
    const project = new Project();
    project.run("plain", "sleep 60");
    project.run("checked", "sleep 60", "--health-cmd", "true", "--health-interval", "1s");
    project.run("job", "exit 0");
    expect(await project.wait({ plain: 20, checked: 20, job: 20 })).toEqual([]);
    const [checked] = (await engine.project(project.name)).filter(({ service }) => service === "checked");
    expect(checked?.health).toBe("healthy");
  });

  it("names one that exits or restarts, at once (F35)", async () => {
    const project = new Project();
    project.run("gone", "exit 3");
    project.run("plain", "sleep 60");
    expect(await project.wait({ gone: 600, plain: 600 })).toEqual(["gone is exited with exit code 3"]);
    const other = new Project();
    other.run("loop", "sleep 0.5; exit 3", "--restart", "always");
    expect(await other.wait({ loop: 600 })).toEqual([expect.stringMatching(/^loop (restarts|is restarting)/)]);
  });

  it("names one that is not ready within its own deadline, and one without a container", async () => {
    const project = new Project();
    project.run("slow", "sleep 60", "--health-cmd", "false", "--health-start-period", "60s");
    expect(await project.wait({ slow: 1 })).toEqual(["slow is starting after 1 s"]);
    expect(await project.wait({ none: 60 })).toEqual(["none has no container"]);
  });

  it("does not count a foreign container that only says that it is of the project (F133)", async () => {
    const project = new Project();
    project.run("web", "sleep 60");
    const labels = [`com.docker.compose.project=${project.name}`, "com.docker.compose.service=web"];
    const words = labels.flatMap((label) => ["--label", label]);
    docker("run", "--detach", "--network", "none", ...words, recipeTag(base), "sh", "-c", "exit 3");
    expect(await project.wait({ web: 20 })).toEqual([]);
  });

  it("goes on when a container is removed by hand meanwhile", async () => {
    const project = new Project();
    const id = project.run("removed", "sleep 60", "--health-cmd", "false", "--health-start-period", "60s");
    const waiting = project.wait({ removed: 60 });
    docker("rm", "--force", id);
    expect(await waiting).toEqual(["removed has no container"]);
  });

  it.each([
    ["back", -86_400_000],
    ["forward", 86_400_000],
  ])("takes as long as ever when the clock is set %s meanwhile (F17, SEC-C2)", async (_way, jump) => {
    onTestFinished(() => void vi.useRealTimers());
    const project = new Project();
    project.run("slow", "sleep 60", "--health-cmd", "false", "--health-start-period", "60s");
    project.run("plain", "sleep 60");
    const waiting = project.wait({ slow: 1, plain: 20 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + jump });
    expect(await waiting).toEqual(["slow is starting after 1 s"]);
    // One that has just started is not ready at once, whatever its start looks like by the clock.
    const fresh = new Project();
    fresh.run("plain", "sleep 0.5; exit 3");
    expect(await fresh.wait({ plain: 20 })).toEqual(["plain is exited with exit code 3"]);
  });

  it("needs no time for a container that has run for a while, also after the clock was set (F17)", async () => {
    const project = new Project();
    const id = project.run("plain", "sleep 60");
    const pid = Number(docker("inspect", "--format", "{{.State.Pid}}", id));
    await vi.waitUntil(() => (ageOf(pid) ?? 0) > 2.1, { timeout: 20_000 });
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 86_400_000 });
    expect(await project.wait({ plain: 0 })).toEqual([]);
  });

  it("believes no label that looks like a part of an answer, or like a command (F133, SEC-A1)", async () => {
    const project = new Project();
    const forged = `\u001f${"a".repeat(64)}\u001f${project.name}\u001fweb\u001frunning\n$(touch /pwned)`;
    const hostile = { project: `${project.name}\n${forged}`, service: forged };
    const labels = Object.entries(hostile).flatMap(([key, text]) => ["--label", `com.docker.compose.${key}=${text}`]);
    const restarts = ["--label", `restarts=BASH_VERSINFO[$(touch /pwned)0]`];
    const id = docker("run", "--detach", "--network", "none", ...labels, ...restarts, recipeTag(base), "sleep", "60");
    onTestFinished(() => void docker("rm", "--force", id));
    project.run("plain", "sleep 60", ...restarts);
    expect(await project.wait({ plain: 20, web: 20 })).toEqual(["web has no container"]);
    expect(existsSync("/pwned")).toBe(false);
  });
});
