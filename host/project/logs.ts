import { Buffer } from "node:buffer";
import { basename, dirname } from "node:path";
import { stagedStackEnvFile } from "../../model/env-folder.ts";
import { printable } from "../../model/printable.ts";
import { plainEntriesName, plainEntriesSchema, type PlainEntries } from "../../model/session/plain-entries.ts";
import { shortestMasked } from "../../model/shortest-masked.ts";
import type { Container } from "../docker/container.ts";
import { loginsIn } from "../docker/pull.ts";
import { Tree } from "../files/tree.ts";
import { linesOf, Mask } from "../mask.ts";
import type { Work } from "../work.ts";
import { composeContent } from "./compose-file.ts";
import type { ProjectView } from "./project-view.ts";

const linesOfLog = 100;
const linesOfCompose = 20;
const longestLine = 2000;

/** What the logs of a project need of a verb's work: where they come from and go to, and what is secret in them. */
export type LogWork = Pick<Work, "engine" | "secrets" | "say">;

/** What people are shown of a project's containers and of Compose: without any value that is secret, or may be. */
export class ProjectLogs {
  readonly #project: ProjectView;
  readonly #work: LogWork;

  constructor(project: ProjectView, work: LogWork) {
    this.#project = project;
    this.#work = work;
  }

  /** Shows the last lines of a container; none where it is not known which values are in them. */
  async show({ id, service }: Container): Promise<void> {
    let log: string;
    let mask: Mask;
    try {
      mask = this.#mask();
      await this.#learnContainers(mask);
      log = await this.#work.engine.logs(id, linesOfLog);
    } catch {
      this.#say(`cannot show what '${service}' printed: the engine does not tell which values it has`);
      return;
    }
    this.#say(`the last lines of '${service}':`);
    this.#sayMasked(mask, log, linesOfLog);
  }

  /** Shows the last lines that Compose printed; it knows values of its own run alone. */
  async showCompose(output: string): Promise<void> {
    let mask: Mask;
    try {
      mask = this.#mask();
    } catch {
      this.#say("cannot show what Compose printed: its env file cannot be read");
      return;
    }
    await this.#learnContainers(mask).catch(() => undefined);
    this.#sayMasked(mask, output, linesOfCompose);
  }

  #sayMasked(mask: Mask, text: string, most: number): void {
    if (mask.hidesLines)
      this.#say(`hides whole lines, since a secret has fewer than ${shortestMasked} characters; choose a longer one`);
    const lines = text.replaceAll("\r\n", "\n").trimEnd().split("\n");
    for (const line of lines.slice(-most)) this.#say(printable(mask.start(line, longestLine)));
  }

  /**
   * Knows what the session brought and the env file has, which a release has for itself. Only what the session calls
   * plain is no secret, and in the env file only with the value that the session brought.
   */
  #mask(): Mask {
    const mask = new Mask();
    const plain = new Set<string>();
    const names = this.#plainEntries();
    for (const [name, bytes] of this.#work.secrets) {
      if (name === plainEntriesName) continue;
      const text = Buffer.from(bytes).toString("utf8");
      const lines = linesOf(text, names[name] ?? []);
      mask.allowEnvFile(lines.join("\n"));
      mask.learnEnvFile(without(text, new Set(lines)));
      if (name === stagedStackEnvFile) for (const line of lines) plain.add(line);
      if (name.startsWith("variable.")) mask.learn(text); // a value as it is, whatever it looks like
      if (name === "registry") for (const { password } of loginsIn(bytes).values()) mask.learn(password);
    }
    const { env } = this.#project.place;
    if (env === undefined) return mask;
    const content = new Tree(dirname(env)).at(basename(env), (parent, name) => parent.read(name));
    if (content !== undefined) mask.learnEnvFile(without(content.toString("utf8"), plain));
    return mask;
  }

  /** None where there is no session: every value is hidden. */
  #plainEntries(): PlainEntries {
    const bytes = this.#work.secrets.get(plainEntriesName);
    return bytes === undefined ? {} : plainEntriesSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  }

  /** A container may have values that the env file no longer has (F111). */
  async #learnContainers(mask: Mask): Promise<void> {
    const text = composeContent(this.#project.place).toString("utf8");
    const all = await this.#work.engine.project(this.#project.place.project);
    for (const { inspection } of all) mask.learnEnvironment(inspection.Config.Env ?? [], text);
  }

  #say(message: string): void {
    this.#work.say(this.#project.place.project, message);
  }
}

/** The text of an env file without some of its lines. */
function without(text: string, lines: ReadonlySet<string>): string {
  return text
    .split("\n")
    .filter((line) => !lines.has(line))
    .join("\n");
}
