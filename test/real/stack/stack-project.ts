import { join } from "node:path";
import { checkout } from "../../../toolchain/paths.ts";
import { runChild, type Ended } from "../../../process/child.ts";
import type { TestServer } from "../../hosts/servers.ts";
import { withoutWaits } from "../../cli/without-waits.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { PulumiProcess, type PulumiResult } from "../../pulumi/pulumi-process.ts";
import { State } from "../../pulumi/state.ts";
import type { Operation } from "../../pulumi/workspace.ts";

/** What a project needs to run. */
interface StackProjectSettings {
  /** The folder of Pulumi.yaml, with a folder `state`. */
  readonly folder: string;
  /** The project's name. */
  readonly name: string;
  /** The agent with the keys of the servers. */
  readonly agentSocket: string;
  /** By stack: the user that deploys, if it is not root. */
  readonly users: Readonly<Record<string, string | undefined>>;
}

/** A Pulumi project in a throwaway folder with a state of its own, whose stacks are deployed on test servers. */
export class StackProject<Stack extends string> {
  readonly folder: string;
  readonly #settings: StackProjectSettings;
  /** Words before each command, with which it runs elsewhere. */
  runner: readonly string[] = [];
  #runs = 0;

  constructor(settings: StackProjectSettings) {
    this.folder = settings.folder;
    this.#settings = settings;
  }

  /** Makes a stack with a key for fingerprints and its secrets: by path of config, such as `secrets.PASSWORD`. */
  async init(stack: Stack, secrets: Readonly<Record<string, string>>): Promise<void> {
    await this.#spawn(["stack", "init", stack, "--non-interactive"], {}, false).finished;
    const all = { fingerprintKey: "dGVzdC1maW5nZXJwcmludC1rZXktb2YtMzItYnl0ZXM=", ...secrets };
    const words = Object.entries(all).flatMap(([path, value]) => ["--secret", `${path}=${value}`]);
    await this.pulumi(["config", "set-all", "--path", ...words], stack);
  }

  /** Runs an operation of one stack against a server, to its end. */
  run(operation: Operation, stack: Stack, server: TestServer, words: readonly string[] = []): Promise<PulumiResult> {
    return this.start(operation, stack, server, words).finished;
  }

  /** Runs an operation that must succeed; an error holds its output. */
  async succeed(
    operation: Operation,
    stack: Stack,
    server: TestServer,
    words: readonly string[] = [],
  ): Promise<PulumiResult> {
    const result = await this.run(operation, stack, server, words);
    if (result.exitCode === 0) return result;
    throw new Error(`pulumi ${operation} of ${stack} ended with ${String(result.exitCode)}\n${result.output}`);
  }

  /** Starts an operation; the caller waits for its end. `env` adds to the environment of the machine that runs it. */
  start(
    operation: Operation,
    stack: Stack,
    server: TestServer,
    words: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): PulumiProcess {
    const agreed = operation === "preview" ? [] : ["--yes", "--skip-preview"];
    return this.#spawn([operation, ...agreed, "--stack", stack, ...words], { ...this.#access(stack, server), ...env });
  }

  /** Runs one of slipway's own commands to its end; `onLine` gets what it prints. */
  async slipway(
    words: readonly string[],
    stack: Stack,
    server: TestServer,
    onLine: (line: string) => void = () => undefined,
  ): Promise<Ended> {
    const program = ["node", join(checkout, "cli", "main.ts"), "--cwd", this.folder, "--stack", stack];
    const env = this.#environment(this.#access(stack, server));
    const ended = await runChild([...this.runner, ...program, ...words], { env, onLine });
    return { ...ended, stderr: withoutWaits(ended.stderr) };
  }

  /** Runs any other command of the CLI that must succeed; returns its output. */
  async pulumi(words: readonly string[], stack: Stack): Promise<string> {
    const { exitCode, output, stdout } = await this.#spawn([...words, "--stack", stack], {}, false).finished;
    if (exitCode !== 0) throw new Error(`pulumi ${words[0] ?? ""} ended with ${String(exitCode)}\n${output}`);
    return stdout;
  }

  /** A plain output of a stack. */
  async output(stack: Stack, name: string): Promise<unknown> {
    return JSON.parse(await this.pulumi(["stack", "output", name, "--json"], stack)) as unknown;
  }

  state(stack: Stack): State {
    return State.read(join(this.folder, "state", ".pulumi", "stacks", this.#settings.name, `${stack}.json`));
  }

  #access(stack: Stack, server: TestServer): NodeJS.ProcessEnv {
    return accessTo(server, this.#settings.users[stack]);
  }

  #spawn(words: readonly string[], env: NodeJS.ProcessEnv, logged = true): PulumiProcess {
    this.#runs += 1;
    const eventLog = join(this.folder, `events-${this.#runs}.json`);
    return new PulumiProcess({
      words: logged ? [...words, "--non-interactive", "--color", "never", "--event-log", eventLog] : words,
      cwd: this.folder,
      env: this.#environment(env),
      eventLog,
      runner: this.runner,
    });
  }

  #environment(also: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return {
      ...pulumiEnvironment(),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      SSH_AUTH_SOCK: this.#settings.agentSocket,
      ...also,
    };
  }
}

/** The values of the project's `${SERVER_…}` variables. */
export function accessTo(server: TestServer, user = "root"): NodeJS.ProcessEnv {
  return { SERVER_HOST: server.networkAddress, SERVER_USER: user, SERVER_HOST_KEY: server.hostKey };
}
