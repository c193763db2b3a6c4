import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { mustRun } from "../../../toolchain/must-run.ts";
import { deployUser } from "../deploy-user.ts";
import { StackProject } from "../stack/stack-project.ts";
import type { AdoptionServer } from "./adoption-server.ts";
import { composeText, password, releasedServices, type HandMade } from "./hand-made.ts";

const stack = "production" as const;

/** A slipway project made of the compose file of a hand-made deployment. */
export class AdoptingProject {
  readonly #project: StackProject<typeof stack>;
  readonly #site: AdoptionServer;
  readonly #deployment: HandMade;

  private constructor(project: StackProject<typeof stack>, site: AdoptionServer, deployment: HandMade) {
    this.#project = project;
    this.#site = site;
    this.#deployment = deployment;
  }

  /** Does what a team does first: `slipway new`, the server, the images, the stack and its secrets. */
  static async make(site: AdoptionServer, deployment: HandMade): Promise<AdoptingProject> {
    const folder = site.makeFolder(deployment.project);
    const { agentSocket, registry } = site.started;
    writeFileSync(join(folder, "compose.yaml"), composeText(deployment, registry.address));
    writeFileSync(join(folder, "slipway.lock"), site.images.lock);
    writeFileSync(join(folder, ".gitignore"), "state/\nevents-*\ndata/\n.env\n");
    mkdirSync(join(folder, "state"));
    await mustRun(["git", "init", "--quiet", folder]);
    await mustRun(["git", "-C", folder, "add", "--all"]);
    const users = { [stack]: deployUser };
    const project = new StackProject<typeof stack>({ folder, name: deployment.project, agentSocket, users });
    const made = new AdoptingProject(project, site, deployment);
    await made.slipway("new");
    made.#edit();
    made.release("1.0.0", site.images.own);
    await project.init(stack, made.#needsPassword() ? { "secrets.DB_PASSWORD": password } : {});
    return made;
  }

  /** Writes the release document, if a service of the release is deployed. */
  release(version: string, all: Readonly<Record<string, string>>): void {
    const released = releasedServices(this.#deployment);
    if (released.length === 0) return;
    const images = Object.fromEntries(released.map((name) => [name, all[name]]));
    writeFileSync(join(this.#project.folder, "release.json"), JSON.stringify({ version, images }));
  }

  /** Runs a command of slipway that must succeed, and returns what it prints. */
  async slipway(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(...words);
    if (code !== 0) throw new Error(`slipway ${words.join(" ")} ended with ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a command of slipway to its end. */
  attempt(...words: string[]): ReturnType<StackProject<typeof stack>["slipway"]> {
    return this.#project.slipway(words, stack, this.#site.server);
  }

  /** Starts an `up`, for the caller to kill. */
  startUp(): ReturnType<StackProject<typeof stack>["start"]> {
    return this.#project.start("up", stack, this.#site.server);
  }

  /** The kinds of changes that another `up` makes. */
  async changesOfUp(): Promise<string[]> {
    const { events } = await this.#project.succeed("up", stack, this.#site.server);
    return Object.keys(events.changes);
  }

  /** The text of the stack's file. */
  get stackFile(): string {
    return readFileSync(this.#stackFile(), "utf8");
  }

  #stackFile(): string {
    return join(this.#project.folder, `Pulumi.${stack}.yaml`);
  }

  #edit(): void {
    const { project, keepsName } = this.#deployment;
    const file = parseDocument(this.stackFile);
    if (keepsName) file.setIn(["config", `${project}:project`], project);
    writeFileSync(this.#stackFile(), file.toString({ lineWidth: 0 }));
  }

  #needsPassword(): boolean {
    return this.#deployment.services.some(({ kind }) => kind === "database");
  }
}
