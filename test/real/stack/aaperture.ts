import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkout } from "../../../toolchain/paths.ts";
import { runChild, type Ended } from "../../../process/child.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import type { AppRelease, TestServer, TestServers } from "../../hosts/servers.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { PulumiProcess, type PulumiResult } from "../../pulumi/pulumi-process.ts";
import { State } from "../../pulumi/state.ts";
import type { Operation } from "../../pulumi/workspace.ts";

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
export class Aaperture {
  readonly folder: string;
  readonly #servers: TestServers;
  readonly #users: Users;
  #runs = 0;

  private constructor(folder: string, servers: TestServers, users: Users) {
    this.folder = folder;
    this.#servers = servers;
    this.#users = users;
  }

  /** Copies the project, makes both stacks, and builds the first release. */
  static async create(
    parent: string,
    servers: TestServers,
    stacks: readonly StackName[],
    { secrets = secretsOf, users = {} }: AapertureOptions = {},
  ): Promise<Aaperture> {
    const folder = mkdtempSync(join(parent, "aaperture-"));
    const aaperture = new Aaperture(folder, servers, users);
    for (const name of ["compose.yaml", ".env.example", "infra", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
      cpSync(join(checkout, name), join(folder, name), { recursive: true });
    }
    const project = readFileSync(join(checkout, "Pulumi.yaml"), "utf8");
    const main = `main: ${relative(folder, join(checkout, "index.ts"))}`;
    writeFileSync(join(folder, "Pulumi.yaml"), project.replace(/^main: .*$/m, main));
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, ".gitignore"), "state/\nevents-*\n");
    await mustRun(["git", "init", "--quiet", folder]);
    await mustRun(["git", "-C", folder, "add", "--all"]);
    for (const stack of stacks) await aaperture.#init(stack, secrets);
    await aaperture.release("1.0.0");
    return aaperture;
  }

  /** Builds a release of api and web and writes its document, as a build job would. */
  async release(version: string, also: Omit<AppRelease, "version"> = {}): Promise<void> {
    const { registry } = this.#servers;
    const app = await this.#servers.buildAppRelease({ version, ...also });
    const stock = async (repository: string, tag: string): Promise<string> =>
      `${registry.address}/${repository}@${await registry.digest(repository, tag)}`;
    const document = {
      version,
      images: {
        api: app.image,
        web: app.image,
        postgres: await stock("library/postgres", "17-alpine"),
        prometheus: await stock("prom/prometheus", "latest"),
        grafana: await stock("grafana/grafana", "latest"),
        migrate: app.image,
      },
      proxy: await stock("library/traefik", "v3"),
    };
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

  /** Runs an operation of one stack against a server, to its end. */
  run(
    operation: Operation,
    stack: StackName,
    server: TestServer,
    words: readonly string[] = [],
  ): Promise<PulumiResult> {
    return this.start(operation, stack, server, words).finished;
  }

  /** Runs an operation that must succeed; an error holds its output. */
  async succeed(
    operation: Operation,
    stack: StackName,
    server: TestServer,
    words: readonly string[] = [],
  ): Promise<PulumiResult> {
    const result = await this.run(operation, stack, server, words);
    if (result.exitCode === 0) return result;
    throw new Error(`pulumi ${operation} of ${stack} ended with ${String(result.exitCode)}\n${result.output}`);
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

  /** Starts an operation; the caller waits for its end. `env` adds to the environment of the machine that runs it. */
  start(
    operation: Operation,
    stack: StackName,
    server: TestServer,
    words: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): PulumiProcess {
    const agreed = operation === "preview" ? [] : ["--yes", "--skip-preview"];
    return this.#spawn([operation, ...agreed, "--stack", stack, ...words], {
      ...accessTo(server, this.#users[stack]),
      ...env,
    });
  }

  /** Runs one of slipway's own commands to its end; `onLine` gets what it prints. */
  slipway(
    words: readonly string[],
    stack: StackName,
    server: TestServer,
    onLine: (line: string) => void = () => undefined,
  ): Promise<Ended> {
    const command = ["node", join(checkout, "cli", "main.ts"), "--cwd", this.folder, "--stack", stack, ...words];
    return runChild(command, { env: this.#environment(accessTo(server, this.#users[stack])), onLine });
  }

  /** Runs any other command of the CLI that must succeed; returns its output. */
  async pulumi(words: readonly string[], stack: StackName): Promise<string> {
    const { exitCode, output, stdout } = await this.#spawn([...words, "--stack", stack], {}, false).finished;
    if (exitCode !== 0) throw new Error(`pulumi ${words[0] ?? ""} ended with ${String(exitCode)}\n${output}`);
    return stdout;
  }

  /** A plain output of a stack. */
  async output(stack: StackName, name: string): Promise<unknown> {
    return JSON.parse(await this.pulumi(["stack", "output", name, "--json"], stack)) as unknown;
  }

  state(stack: StackName): State {
    return State.read(join(this.folder, "state", ".pulumi", "stacks", "aaperture", `${stack}.json`));
  }

  async #init(stack: StackName, given: ByStack): Promise<void> {
    await this.#spawn(["stack", "init", stack, "--non-interactive"], {}, false).finished;
    const secrets = Object.entries(given[stack]).map(([name, value]) => `secrets.${name}=${value}`);
    const all = ["fingerprintKey=dGVzdC1maW5nZXJwcmludC1rZXktb2YtMzItYnl0ZXM=", ...secrets];
    await this.pulumi(["config", "set-all", "--path", ...all.flatMap((secret) => ["--secret", secret])], stack);
  }

  #spawn(words: readonly string[], env: NodeJS.ProcessEnv, logged = true): PulumiProcess {
    this.#runs += 1;
    const eventLog = join(this.folder, `events-${this.#runs}.json`);
    return new PulumiProcess({
      words: logged ? [...words, "--non-interactive", "--color", "never", "--event-log", eventLog] : words,
      cwd: this.folder,
      env: this.#environment(env),
      eventLog,
    });
  }

  #environment(also: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return {
      ...pulumiEnvironment(),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      SSH_AUTH_SOCK: this.#servers.agentSocket,
      ...also,
    };
  }
}

/** The values of the project's `${SERVER_…}` variables. */
export function accessTo(server: TestServer, user = "root"): NodeJS.ProcessEnv {
  return { SERVER_HOST: server.networkAddress, SERVER_USER: user, SERVER_HOST_KEY: server.hostKey };
}
