import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { eventually } from "../../hosts/condition.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { Workspace } from "../../pulumi/workspace.ts";
import { SlipwayProcess } from "../slipway-process.ts";

const seenSchema = z.object({ socket: z.string(), variable: z.boolean(), keys: z.string() });

/** A stack whose one resource takes until the test lets it go on, driven by `slipway`. */
export class WaitingStack {
  readonly workspace: Workspace;

  private constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  static async create(parent: string): Promise<WaitingStack> {
    const workspace = new Workspace(parent, join(import.meta.dirname, "waiting-program.ts"));
    // The program shall find its files in the workspace, not where it lies itself.
    workspace.write(
      "program.mjs",
      `process.chdir(${JSON.stringify(workspace.folder)});\nawait import("${program}");\n`,
    );
    workspace.write(
      "Pulumi.yaml",
      "name: trial\nruntime: { name: nodejs, options: { typescript: false } }\nmain: program.mjs\n",
    );
    await workspace.pulumi(["config"]); // makes the stack
    return new WaitingStack(workspace);
  }

  /** The environment in which a test runs slipway; nothing of the caller's own agent is in it. */
  get environment(): NodeJS.ProcessEnv {
    return { ...pulumiEnvironment(), PULUMI_BACKEND_URL: `file://${this.path("state")}` };
  }

  slipway(words: readonly string[], env: NodeJS.ProcessEnv = {}): SlipwayProcess {
    return new SlipwayProcess(["-C", this.workspace.folder, "--stack", "test", ...words], {
      ...this.environment,
      ...env,
    });
  }

  up(env: NodeJS.ProcessEnv = {}): SlipwayProcess {
    return this.slipway(["up", "--yes", "--skip-preview"], env);
  }

  path(name: string): string {
    return join(this.workspace.folder, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Waits until the resource is being made. */
  async started(): Promise<void> {
    await eventually("the resource is being made", 60, () => Promise.resolve(this.has("started") ? true : undefined));
  }

  /** The locks of the stack's state, as files. */
  locks(): readonly string[] {
    const folder = this.path("state/.pulumi/locks/organization/trial/test");
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith(".json"))
          .map((name) => join(folder, name))
      : [];
  }

  /** Lets the resource be finished. */
  letGo(): void {
    writeFileSync(this.path("go"), "");
  }

  /** Makes the next run wait again. */
  holdBack(): void {
    for (const name of ["go", "started", "finished"]) rmSync(this.path(name), { force: true });
  }

  /** What the program saw of the key. */
  seen(): z.output<typeof seenSchema> {
    return seenSchema.parse(JSON.parse(readFileSync(this.path("seen.json"), "utf8")));
  }
}

const program = join(import.meta.dirname, "waiting-program.ts");
