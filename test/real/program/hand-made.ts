import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { Claims } from "../../../host/claims/claims.ts";
import { adoption as verb } from "../../../host/verbs/adoption.ts";
import { bodySchemas, type Body } from "../../../model/document/bodies.ts";
import type { DocumentMap } from "../../../model/document/document.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { testServer, type TestServer } from "../../host/verbs/server.ts";
import { docker } from "./docker.ts";

/** Fields of a service in a compose file. */
type Service = Readonly<Record<string, unknown>>;

/** A compose project that somebody started by hand on this machine's engine, and a stack that takes its place. */
export class HandMadeProject {
  readonly server: TestServer = testServer();
  readonly project: string;
  readonly folder: string;

  constructor(services: Readonly<Record<string, Service>>, more: Readonly<Record<string, unknown>> = {}) {
    this.project = this.server.unique;
    this.folder = join(this.server.folder, "by-hand");
    mkdirSync(this.folder);
    const all = Object.entries(services).map(([name, fields]) => [name, { ...usual, ...fields }] as const);
    writeFileSync(join(this.folder, "compose.yaml"), JSON.stringify({ ...more, services: Object.fromEntries(all) }));
    onTestFinished(() => this.remove());
    this.compose("up", "--detach");
  }

  compose(...words: string[]): void {
    const place = ["compose", "--project-name", this.project, "--project-directory", this.folder];
    execFileSync("docker", [...place, "--file", join(this.folder, "compose.yaml"), ...words], { stdio: "pipe" });
  }

  body(more: Partial<Record<keyof Body<"adoption">, unknown>> = {}): Body<"adoption"> {
    return bodySchemas.adoption.parse({ project: this.project, ...more });
  }

  async takeOver(body = this.body()): Promise<void> {
    await verb.apply(body, this.server.work("adoption"));
    const { replaced, done } = body;
    this.install("adoption", {
      project: body.project,
      ...(replaced !== undefined && { replaced }),
      ...(done !== undefined && { done }),
    });
  }

  async goBack(): Promise<void> {
    await verb.remove(this.body(), this.server.work("adoption"));
  }

  /** Somebody removes all containers of the project, and keeps their volumes. */
  loseContainers(): void {
    docker("rm", "--force", ...this.containers().map(({ name }) => name.slice(1)));
  }

  async differences(body = this.body()): Promise<string[]> {
    const found = await verb.differences(body, this.server.work("adoption"));
    return found.map(({ where, expected, found: now }) => `${where}: expected ${expected}, found ${now}`);
  }

  /** The claim of the stack, with names of its containers; `project` is that of its shared services. */
  claim(containers: readonly string[] = [], project = `${this.project}-stack`): void {
    const names = Object.fromEntries(containers.map((name) => [name, "web"]));
    const projects = { [project]: "shared" };
    const [directory, nothing] = ["/srv/shop", { networks: {}, ports: {}, volumes: {} }];
    this.install("claim", { directory, containers: names, projects, ...nothing });
    const { places } = this.server.work("claim");
    const held = { directory, real: directory, containers: names, projects, subnets: {}, chosen: {}, ...nothing };
    new Claims(places).write(places.stack, held);
  }

  install(kind: "claim" | "adoption", body: DocumentMap): void {
    const number = parseNumber("4.2");
    const text = writeDocument({ kind, resource: kind, body }, number);
    const { state } = this.server.work(kind);
    state.writeApplied({ object: kind, resource: kind, kind, number, hash: "", text });
  }

  /** Every container of the project, as people see it: what it runs, and where. */
  containers(): ReturnType<typeof shownOf>[] {
    const own = ["--filter", `label=com.docker.compose.project=${this.project}`];
    const ids = docker("ps", "--all", "--quiet", "--no-trunc", ...own);
    if (ids === "") return [];
    const read = inspected.parse(JSON.parse(docker("inspect", ...ids.split("\n"))));
    return read.map(shownOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private remove(): void {
    const ids = docker("ps", "--all", "--quiet", "--filter", `label=com.docker.compose.project=${this.project}`);
    if (ids !== "") docker("rm", "--force", "--volumes", ...ids.split("\n"));
    const networks = docker("network", "ls", "--quiet", "--filter", `name=${this.project}`);
    if (networks !== "") docker("network", "rm", ...networks.split("\n"));
    const volumes = docker("volume", "ls", "--quiet", "--filter", `name=${this.project}`);
    if (volumes !== "") docker("volume", "rm", ...volumes.split("\n"));
  }
}

const inspected = z.array(
  z.object({
    Name: z.string(),
    Image: z.string(),
    State: z.object({ Status: z.string() }),
    Config: z.object({ Env: z.unknown(), Labels: z.unknown() }),
    Mounts: z.array(z.object({ Type: z.string(), Source: z.string(), Destination: z.string() })),
    HostConfig: z.object({ RestartPolicy: z.object({ Name: z.string() }) }),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()) }),
  }),
);

function shownOf({
  Name: name,
  Image: image,
  State,
  Config,
  Mounts: mounts,
  ...rest
}: z.output<typeof inspected>[number]) {
  return {
    ...{ name, image, state: State.Status, env: Config.Env, labels: Config.Labels },
    mounts: [...mounts].sort((a, b) => (a.Destination < b.Destination ? -1 : 1)),
    restart: rest.HostConfig.RestartPolicy.Name,
    networks: Object.keys(rest.NetworkSettings.Networks).sort(),
  };
}

const usual = {
  image: recipeTag(base),
  pull_policy: "never",
  init: true,
  restart: "always",
  command: ["sleep", "600"],
};
