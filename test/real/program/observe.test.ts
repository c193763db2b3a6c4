import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { Engine } from "../../../host/docker/engine.ts";
import { composeVersion } from "../../../host/facts/compose-version.ts";
import { observe } from "../../../host/observe/observe.ts";
import { stackPlaces } from "../../../host/places.ts";
import { claim } from "../../../host/verbs/claim.ts";
import { ServerView } from "../../../host/view.ts";
import { observationSchema, type Observation } from "../../../model/facts/observation.ts";
import { onlyTheServer, type ObservationScope } from "../../../model/facts/scope.ts";
import { dockerCompose } from "../../../toolchain/tools/docker-compose.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { testServer } from "../../host/verbs/server.ts";
import { docker } from "./docker.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
});

/** This machine, as an observation of the stack shop/staging sees it. */
function server() {
  const { folder, unique, said, work } = testServer();
  const places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, "shop/staging");
  const look = async (scope: Partial<ObservationScope> = {}): Promise<Observation> => {
    const view = new ServerView(places, new Engine(new EngineConnection(undefined, 0)));
    return await observe(view, { ...onlyTheServer, ...scope });
  };
  /** Starts a container with these labels, and returns its name. */
  const run = (labels: Readonly<Record<string, string>>, ...options: string[]): string => {
    const name = `${unique}-${randomUUID().slice(0, 8)}`;
    const words = Object.entries(labels).flatMap(([label, value]) => ["--label", `${label}=${value}`]);
    onTestFinished(() => void docker("rm", "--force", name));
    docker("run", "--detach", "--name", name, ...words, ...options, recipeTag(base), "sleep", "600");
    return name;
  };
  return { folder, unique, said, work, look, run };
}

describe("an observation of a server with an engine", () => {
  it("has the engine's version, its disk, and the containers of the stack's projects", async () => {
    const { unique, look, run } = server();
    const compose = { "com.docker.compose.project": unique, "com.docker.compose.service": "web" };
    const name = run(compose, "--network", "none", "--health-cmd", "true", "--health-interval", "1s");
    const stopped = run(compose, "--network", "none");
    docker("kill", stopped);
    const found = await look({ directory: "/srv/shop", projects: [unique] });
    expect(observationSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
    expect(found.host.engine).toBe(docker("version", "--format", "{{.Server.Version}}"));
    expect(found.disks.map(({ path }) => path)).toContain(docker("info", "--format", "{{.DockerRootDir}}"));
    const facts = { project: unique, service: "web", image: recipeTag(base), restarts: 0, done: false };
    const since = (field: string, one: string): string => docker("inspect", "--format", `{{.State.${field}}}`, one);
    expect(found.containers).toHaveLength(2);
    expect(found.containers).toEqual(
      expect.arrayContaining([
        {
          ...{ ...facts, name, state: "running", exitCode: 0 },
          ...{ health: expect.any(String) as string, since: since("StartedAt", name) },
        },
        { ...facts, name: stopped, state: "exited", exitCode: 137, health: "", since: since("FinishedAt", stopped) },
      ]),
    );
  });

  it("has the version that Compose tells of itself, from the first of docker's folders that holds it", async () => {
    const { folder } = server();
    const [outcome] = await ensureTools([dockerCompose], () => undefined);
    const compose = outcome?.installed.commands[dockerCompose.name] ?? "";
    symlinkSync(compose, join(folder, "docker-compose"));
    const version = execFileSync(compose, ["version", "--short"], { encoding: "utf8" }).trim();
    expect(await composeVersion(join(folder, "run"), ["/none", folder])).toBe(version.replace(/^v/, ""));
  });

  it("names the container that publishes a wanted port, and no process of Docker (F34)", async () => {
    const { unique, look, run } = server();
    const name = run({ "com.docker.compose.project": unique }, "--publish", "127.0.0.1::80");
    const port = docker("port", name, "80/tcp").split(":").at(-1) ?? "";
    expect((await look({ ports: [`127.0.0.1:${port}`] })).listeners).toEqual([
      { port, protocol: "tcp", address: "127.0.0.1", pid: "", command: "", container: name, project: unique },
    ]);
  });

  it("shows hostile labels as data, which forge no container and run nothing (F133, SEC-A1, SEC-C4)", async () => {
    const { folder, unique, look, run, said, work } = server();
    const mark = join(folder, "pwned");
    const hostile = `x\n${unique}\x1fweb\x1f{{.Id}}$(touch ${mark})\`touch ${mark}\`'"; touch ${mark} #`;
    const made = { "com.docker.compose.image": docker("image", "inspect", "--format", "{{.Id}}", recipeTag(base)) };
    run({ ...made, "com.docker.compose.project": hostile, "com.docker.compose.service": unique }, "--network", "none");
    const mine = { "com.docker.compose.project": unique, "com.docker.compose.service": hostile };
    const name = run({ ...mine, [`$(id>${mark})\x1f{{.Id}}`]: hostile }, "--network", "none");
    const found = await look({ projects: [unique] });
    expect(found.containers).toMatchObject([{ project: unique, service: hostile, name }]);
    const project = { directory: join(folder, "shop"), containers: {}, networks: {}, ports: {}, volumes: {} };
    await expect(claim.apply({ ...project, projects: { [hostile]: "shared" } }, work("claim"))).rejects.toThrow(
      "claims what is not free",
    );
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("that slipway did not make run there");
    expect(said[0]).not.toContain("\n"); // no container adds a line to a log
    expect(existsSync(mark)).toBe(false);
  });
});
