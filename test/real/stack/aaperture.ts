import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkout } from "../../../toolchain/paths.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { aapertureLock } from "../../hosts/registry/aaperture-lock.ts";
import type { AppRelease, TestServers } from "../../hosts/servers.ts";
import { StackProject } from "./stack-project.ts";

/** The stacks of aaperture. */
export type StackName = "staging" | "production";

/** Values of one stack, by name. */
export type ByStack = Readonly<Record<StackName, Readonly<Record<string, string>>>>;

/** The user that deploys a stack, if it is not root. */
export type Users = Readonly<Partial<Record<StackName, string>>>;

/** Options of the project's stacks. */
export interface AapertureOptions {
  readonly secrets?: ByStack | undefined;
  readonly users?: Users | undefined;
  /** Lets its commands run on the server itself, without SSH: prepares the folder, and gives the words before each. */
  readonly runner?: ((folder: string) => Promise<readonly string[]>) | undefined;
}

/** Invented secrets of each stack. */
const secretsOf: ByStack = {
  staging: { POSTGRES_PASSWORD: "canary-staging-postgres-2741" },
  production: { POSTGRES_PASSWORD: "canary-production-postgres-8365" },
};

/**
 * The root project in a throwaway folder with a state of its own, since `pulumi stack init` rewrites the tracked stack
 * files.
 */
export class Aaperture extends StackProject<StackName> {
  readonly #servers: TestServers;

  private constructor(folder: string, servers: TestServers, users: Users) {
    super({ folder, name: "aaperture", agentSocket: servers.agentSocket, users });
    this.#servers = servers;
  }

  /** Copies the project, makes both stacks, and builds the first release. */
  static async create(
    parent: string,
    servers: TestServers,
    stacks: readonly StackName[],
    { secrets = secretsOf, users = {}, runner }: AapertureOptions = {},
  ): Promise<Aaperture> {
    const folder = mkdtempSync(join(parent, "aaperture-"));
    const aaperture = new Aaperture(folder, servers, users);
    for (const name of ["compose.yaml", ".env.example", "infra", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
      cpSync(join(checkout, name), join(folder, name), { recursive: true });
    }
    const project = readFileSync(join(checkout, "Pulumi.yaml"), "utf8");
    const main = `main: ${relative(folder, join(checkout, "index.ts"))}`;
    writeFileSync(join(folder, "Pulumi.yaml"), project.replace(/^main: .*$/m, main));
    writeFileSync(join(folder, "slipway.lock"), await aapertureLock(servers.registry));
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, ".gitignore"), "state/\nevents-*\n");
    await mustRun(["git", "init", "--quiet", folder]);
    await mustRun(["git", "-C", folder, "add", "--all"]);
    if (runner !== undefined) {
      for (const stack of stacks) useNoConnection(join(folder, `Pulumi.${stack}.yaml`));
      aaperture.runner = await runner(folder);
    }
    for (const stack of stacks) await aaperture.init(stack, secretPaths(secrets[stack]));
    await aaperture.release("1.0.0");
    return aaperture;
  }

  /** Builds a release of api and web and writes its document, as a build job would. */
  async release(version: string, also: Omit<AppRelease, "version"> = {}): Promise<void> {
    const { image } = await this.#servers.buildAppRelease({ version, ...also });
    const document = { version, images: { api: image, web: image, migrate: image } };
    writeFileSync(join(this.folder, "release.json"), JSON.stringify(document, undefined, 2));
  }

  /** Runs an action while there is no release document. */
  async withoutRelease<T>(act: () => Promise<T>): Promise<T> {
    const file = join(this.folder, "release.json");
    renameSync(file, `${file}.away`);
    try {
      return await act();
    } finally {
      renameSync(`${file}.away`, file);
    }
  }

  /** Changes plain settings of a stack until the action has ended. */
  async withConfig<T>(stack: StackName, settings: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
    const file = join(this.folder, `Pulumi.${stack}.yaml`);
    const before = readFileSync(file);
    const pairs = Object.entries(settings).flatMap(([name, value]) => ["--plaintext", `aaperture:${name}=${value}`]);
    try {
      await this.pulumi(["config", "set-all", "--path", ...pairs], stack);
      return await act();
    } finally {
      writeFileSync(file, before);
    }
  }
}

/** Secrets by their paths in the stack's configuration. */
function secretPaths(secrets: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`secrets.${name}`, value]));
}

/** Says in a stack's file that slipway runs on the server itself (E14). */
export function useNoConnection(file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(/^( *)address: /m, "$1connection: local\n$1address: "));
}
