import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { adoption as verb } from "../../../host/verbs/adoption.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { testServer } from "../../host/verbs/server.ts";
import { composeOnPath } from "./compose/compose-on-path.ts";
import { docker } from "./docker.ts";
import { HandMadeProject } from "./hand-made.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const fails = { test: ["CMD", "false"], interval: "1s", retries: 1 };

/** A container of somebody else, which goes with the test. */
function stranger(...words: string[]): string {
  const id = docker("run", "--detach", "--init", ...words, recipeTag(base), "sleep", "600");
  onTestFinished(() => void docker("rm", "--force", id));
  return id;
}

function states(project: HandMadeProject): string[] {
  return project.containers().map(({ name, state }) => `${name.replace(`/${project.project}-`, "")} ${state}`);
}

describe("going back to a hand-made project (X1)", () => {
  it("does not wait for what was not well before", async () => {
    const project = new HandMadeProject({
      sick: { healthcheck: fails },
      looping: { command: ["false"] },
      web: { depends_on: ["sick", "looping"] },
    });
    await expect
      .poll(() => docker("inspect", "-f", "{{.State.Health.Status}}", `${project.project}-sick-1`), {
        timeout: 20_000,
      })
      .toBe("unhealthy");
    await project.takeOver();
    await project.goBack();
    expect(states(project)).toEqual([expect.stringMatching("^looping"), "sick-1 running", "web-1 running"]);
  });

  it("starts a replica that ran, not one that was stopped, and what was run by hand", async () => {
    const project = new HandMadeProject({ web: { scale: 2 }, tool: { profiles: ["tools"] } });
    docker("stop", "--time", "1", `${project.project}-web-2`);
    project.compose("run", "--detach", "--name", `${project.project}-by-hand`, "tool", "sleep", "600");
    await project.takeOver();
    await project.goBack();
    expect(states(project)).toEqual(["by-hand running", "web-1 running", "web-2 exited"]);
  });

  it("starts everything, though one service is not ready again, and says which", async () => {
    const project = new HandMadeProject(
      {
        db: { command: ["sh", "-c", "test ! -e /data/broken && sleep 600"], restart: "no", volumes: ["data:/data"] },
        web: { depends_on: ["db"] },
      },
      { volumes: { data: {} } },
    );
    await project.takeOver();
    docker("run", "--rm", "--volume", `${project.project}_data:/data`, recipeTag(base), "touch", "/data/broken");
    await expect(project.goBack()).rejects.toThrow(`'db' of project '${project.project}' is exited`);
    expect(states(project)).toEqual(["db-1 exited", "web-1 running"]);
    docker("run", "--rm", "--volume", `${project.project}_data:/data`, recipeTag(base), "rm", "/data/broken");
    await project.goBack();
    expect(states(project)).toEqual(["db-1 running", "web-1 running"]);
  });

  it("gives a network other addresses where somebody has taken them", async () => {
    const project = new HandMadeProject({ web: {} });
    const network = `${project.project}_default`;
    const subnet = docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", network);
    const before = project.containers();
    await project.takeOver();
    docker("network", "create", "--subnet", subnet, `${project.project}-other`);
    await project.goBack();
    expect(project.containers()).toEqual(before);
  });

  it("that failed is undone by the next deployment, and ends once nothing is in the way", async () => {
    const project = new HandMadeProject({ db: {}, web: { ports: ["127.0.0.1:28417:80"], depends_on: ["db"] } });
    const before = project.containers();
    await project.takeOver();
    project.loseContainers();
    const other = stranger("--publish", "127.0.0.1:28417:80");
    await expect(project.goBack()).rejects.toThrow("port is already allocated");
    expect(states(project)).toEqual(["db-1 running", expect.stringMatching("^web-1 created")]);
    expect(await project.differences()).not.toEqual([]);
    await project.takeOver();
    expect(states(project)).toEqual(["db-1 exited", expect.stringMatching("^web-1 created")]);
    expect(docker("network", "ls", "--quiet", "--filter", `name=${project.project}_default`)).toBe("");
    docker("rm", "--force", other);
    await project.goBack();
    expect(project.containers()).toEqual(before);
  });

  it("is refused while containers of the stack run", async () => {
    const project = new HandMadeProject({ web: {} });
    project.claim();
    await project.takeOver();
    const name = `${project.project}-stack-web-1`;
    const labels = [`project=${project.project}-stack`, "service=web"].flatMap((label) => [
      "--label",
      `com.docker.compose.${label}`,
    ]);
    stranger("--name", name, ...labels);
    await expect(project.goBack()).rejects.toThrow(`'${name}' of this stack still runs`);
    expect(states(project)).toEqual(["web-1 exited"]);
  });
});

describe("a hand-made project whose place a stack has taken (X1)", () => {
  it("is stopped again where Compose has made its containers again by hand", async () => {
    const project = new HandMadeProject({ web: {} });
    await project.takeOver();
    project.compose("up", "--detach", "--force-recreate");
    const found = await project.differences();
    expect(found).toEqual([`container ${project.project}-web-1: expected stopped, found running`]);
    await project.takeOver();
    expect(states(project)).toEqual(["web-1 exited"]);
    await project.goBack();
    expect(states(project)).toEqual(["web-1 running"]);
  });

  it("is not taken over by a second stack, nor is one that a stack has deployed", async () => {
    const project = new HandMadeProject({ web: {} });
    project.claim();
    await project.takeOver();
    const other = testServer("other/staging", project.server);
    await expect(verb.apply(project.body(), other.work("adoption"))).rejects.toThrow(
      `adopt.project is a compose project of stack 'shop/staging' on this server, got '${project.project}'`,
    );
  });
});
