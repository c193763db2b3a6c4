import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pulumiEnvironment } from "./environment.ts";
import { PulumiProcess, type PulumiResult } from "./pulumi-process.ts";
import { State } from "./state.ts";

interface RunOptions {
  /** A value for the program, which reads it with `given`. */
  readonly given?: unknown;
  /** Further arguments of the command line. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder of the project in which pulumi runs, if not its top. */
  readonly folder?: string;
}

/** An operation of the engine on a stack. */
export type Operation = "up" | "preview" | "refresh" | "destroy";

const project = "trial";
const stack = "test";

/** A Pulumi project with one stack in a folder of its own, on which the real engine works. */
export class Workspace {
  readonly folder: string;
  #runs = 0;
  #ready: Promise<PulumiResult> | undefined;

  /**
   * Makes its folder below `parent`. `program` is a file, `settings` are further lines of Pulumi.yaml. Without a
   * program the test writes its own project.
   */
  constructor(parent: string, program?: string, settings = "") {
    this.folder = mkdtempSync(join(parent, "stack-"));
    mkdirSync(join(this.folder, "state"));
    if (program !== undefined) this.write("Pulumi.yaml", projectFile(relative(this.folder, program)) + settings);
  }

  /** Writes a file of the project. */
  write(name: string, text: string): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  up(given?: unknown, words: readonly string[] = []): Promise<PulumiResult> {
    return this.run("up", { given, words });
  }

  preview(given?: unknown, words: readonly string[] = []): Promise<PulumiResult> {
    return this.run("preview", { given, words });
  }

  destroy(): Promise<PulumiResult> {
    return this.run("destroy");
  }

  /** Runs an operation to its end. */
  async run(operation: Operation, options: RunOptions = {}): Promise<PulumiResult> {
    const running = await this.start(operation, options);
    return await running.finished;
  }

  /** Starts an operation; the caller waits for its end. */
  async start(operation: Operation, options: RunOptions = {}): Promise<PulumiProcess> {
    await this.#initialised(options);
    const { words = [] } = options;
    const agreed = operation === "preview" || words.includes("--preview-only") ? [] : ["--yes", "--skip-preview"];
    return this.#spawn([operation, ...agreed, "--stack", stack, ...words], options);
  }

  /** Runs any other command of the CLI to its end. */
  async pulumi(words: readonly string[], options: RunOptions = {}): Promise<PulumiResult> {
    await this.#initialised(options);
    return await this.#spawn([...words, "--stack", stack], options, false).finished;
  }

  /** The stack's state, read from the engine's own file. */
  state(): State {
    return State.read(join(this.folder, "state", ".pulumi", "stacks", project, `${stack}.json`));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Makes the stack at the first use, since that takes a second. */
  #initialised(options: RunOptions): Promise<PulumiResult> {
    this.#ready ??= this.#spawn(["stack", "init", stack, "--non-interactive"], options, false).finished;
    return this.#ready;
  }

  #spawn(words: readonly string[], options: RunOptions, logged = true): PulumiProcess {
    this.#runs += 1;
    const eventLog = join(this.folder, `events-${this.#runs}.json`);
    const given = join(this.folder, `given-${this.#runs}.json`);
    writeFileSync(given, JSON.stringify(options.given ?? {}));
    return new PulumiProcess({
      words: logged ? [...words, "--non-interactive", "--color", "never", "--event-log", eventLog] : words,
      cwd: join(this.folder, options.folder ?? "."),
      env: {
        ...pulumiEnvironment(),
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        SLIPWAY_TEST_GIVEN: given,
        ...options.env,
      },
      eventLog,
    });
  }
}

/** The settings of a real slipway project. Node strips the types, and the program is in another folder. */
function projectFile(main: string): string {
  return `name: ${project}\nruntime: { name: nodejs, options: { typescript: false } }\nmain: ${main}\n`;
}
