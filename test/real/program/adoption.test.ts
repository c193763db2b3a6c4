import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Descriptions } from "../../../host/docker/descriptions.ts";
import { base } from "../../hosts/image/images.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { composeOnPath } from "./compose/compose-on-path.ts";
import { docker } from "./docker.ts";
import { HandMadeProject } from "./hand-made.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const isWell = { test: ["CMD", "true"], interval: "1s", retries: 3 };

/** A shop by hand: a web service that needs a database with a volume, and a job that has ended. */
function shop(): HandMadeProject {
  return new HandMadeProject(
    {
      web: {
        depends_on: { db: { condition: "service_healthy" } },
        networks: ["front", "back"],
        environment: { A: "1" },
      },
      db: { healthcheck: isWell, volumes: ["data:/data"], networks: { back: { aliases: ["store"] } } },
      seed: { command: ["true"], restart: "no" },
    },
    { networks: { front: {}, back: {} }, volumes: { data: {} } },
  );
}

function states(project: HandMadeProject): string[] {
  return project.containers().map(({ name, state }) => `${name} ${state}`);
}

describe("a hand-made project whose place a stack takes (X1)", () => {
  it("stops, with those first that need others, and the engine does not start it again", async () => {
    const project = shop();
    await project.takeOver();
    const name = `/${project.project}`;
    expect(states(project)).toEqual([`${name}-db-1 exited`, `${name}-seed-1 exited`, `${name}-web-1 exited`]);
    expect(project.server.said.filter((line) => line.includes("stops"))).toEqual([
      `adoption: stops '${project.project}-web-1'`,
      `adoption: stops '${project.project}-db-1'`,
    ]);
    expect(project.containers().map(({ restart }) => restart)).toEqual(["no", "no", "no"]);
    expect(await project.differences()).toEqual([]);
  });

  it("starts again as it was, in the same networks and with its data, when the stack goes", async () => {
    const project = shop();
    docker("exec", `${project.project}-db-1`, "sh", "-c", "echo row > /data/rows");
    const before = project.containers();
    await project.takeOver();
    await project.goBack();
    expect(project.containers()).toEqual(before);
    expect(docker("exec", `${project.project}-db-1`, "cat", "/data/rows")).toBe("row");
    expect(docker("exec", `${project.project}-web-1`, "getent", "hosts", "store")).toContain("store");
    project.compose("up", "--detach");
    expect(project.containers()).toEqual(before);
  });

  it("is made again as it was where somebody has removed what was kept", async () => {
    const project = shop();
    const before = project.containers();
    await project.takeOver();
    docker("container", "prune", "--force", "--filter", `label=com.docker.compose.project=${project.project}`);
    expect(project.containers()).toEqual([]);
    await project.goBack();
    // A job that had ended does not run again.
    const ran = before.map((one) => (one.state === "exited" ? { ...one, state: "created" } : one));
    expect(project.containers()).toEqual(ran);
    expect(docker("exec", `${project.project}-web-1`, "getent", "hosts", "store")).toContain("store");
  });

  it("joins all its networks where a run was killed after it had made a container again", async () => {
    const project = shop();
    await project.takeOver();
    docker("container", "prune", "--force", "--filter", `label=com.docker.compose.project=${project.project}`);
    const killed = vi.spyOn(Descriptions.prototype, "join").mockRejectedValueOnce(new Error("killed"));
    onTestFinished(() => killed.mockRestore());
    await expect(project.goBack()).rejects.toThrow("killed");
    await project.goBack();
    const web = project.containers().find(({ name }) => name.endsWith("-web-1"));
    expect(web?.networks).toEqual([`${project.project}_back`, `${project.project}_front`]);
  });

  it("leaves the names that the stack needs, and gets them back", async () => {
    const project = new HandMadeProject({ web: { container_name: `${testName}-web` } });
    project.claim([`${testName}-web`]);
    await project.takeOver();
    expect(states(project)[0]).toMatch(new RegExp(`^/${testName}-web-before-[0-9a-f]{12} exited$`));
    await project.goBack();
    expect(states(project)).toEqual([`/${testName}-web running`]);
  });

  it("is found by the next run where somebody starts it again", async () => {
    const project = shop();
    await project.takeOver();
    docker("start", `${project.project}-db-1`);
    expect(await project.differences()).toEqual([`container ${project.project}-db-1: expected stopped, found running`]);
    await project.takeOver();
    expect(await project.differences()).toEqual([]);
  });

  it("loses its containers and no volume once it is given up", async () => {
    const project = shop();
    await project.takeOver();
    await project.takeOver(project.body({ done: "true" }));
    expect(project.containers()).toEqual([]);
    expect(docker("volume", "inspect", "--format", "{{.Name}}", `${project.project}_data`)).toBe(
      `${project.project}_data`,
    );
    expect(await project.differences(project.body({ done: "true" }))).toEqual([]);
    await project.goBack();
    expect(project.containers()).toEqual([]);
  });

  it("is not given up before the stack has its place", async () => {
    const project = shop();
    await expect(project.takeOver(project.body({ done: "true" }))).rejects.toThrow(
      `this stack has not taken the place of '${project.project}' (document 4.2); remove adopt.done, and run`,
    );
  });
});

const testName = `slipway-adoption-${process.pid}`;
