import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Engine } from "../../../host/docker/engine.ts";
import { waitReady } from "../../../host/health/wait.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";

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
    const words = labels.flatMap((label) => ["--label", label]);
    return docker("run", "--detach", "--network", "none", ...words, ...options, recipeTag(base), "sh", "-c", command);
  }

  async wait(services: Readonly<Record<string, number>>) {
    const awaited = Object.entries(services).map(([name, deadline]) => ({ name, deadline }));
    const failed = await waitReady(engine, this.name, awaited, AbortSignal.timeout(30_000));
    return failed.map(({ service, why }) => `${service} ${why}`);
  }
}

function docker(...words: string[]): string {
  return execFileSync("docker", words, { encoding: "utf8" }).trim();
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

  it("fails at once for one that exits or restarts, and names it (F35)", async () => {
    const project = new Project();
    project.run("gone", "exit 3");
    project.run("plain", "sleep 60");
    expect(await project.wait({ gone: 600, plain: 600 })).toEqual(["gone is exited with exit code 3"]);
    const other = new Project();
    other.run("loop", "sleep 0.5; exit 3", "--restart", "always");
    expect(await other.wait({ loop: 600 })).toEqual([expect.stringMatching(/^loop (restarts|is restarting)/)]);
  });

  it("fails for one that is not ready within its own deadline, and for one without a container", async () => {
    const project = new Project();
    project.run("slow", "sleep 60", "--health-cmd", "false", "--health-start-period", "60s");
    expect(await project.wait({ slow: 1 })).toEqual(["slow is starting after 1 s"]);
    expect(await project.wait({ none: 60 })).toEqual(["none has no container"]);
  });

  it("goes on when a container is removed by hand meanwhile", async () => {
    const project = new Project();
    const id = project.run("removed", "sleep 60", "--health-cmd", "false", "--health-start-period", "60s");
    const waiting = project.wait({ removed: 60 });
    docker("rm", "--force", id);
    expect(await waiting).toEqual(["removed has no container"]);
  });
});
