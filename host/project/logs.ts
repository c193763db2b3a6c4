import { Buffer } from "node:buffer";
import { basename, dirname } from "node:path";
import { printable } from "../../model/printable.ts";
import { shortestMasked } from "../../model/shortest-masked.ts";
import type { Container } from "../docker/container.ts";
import { loginsIn } from "../docker/pull.ts";
import { Tree } from "../files/tree.ts";
import { Mask } from "../mask.ts";
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

  /** Knows what the session brought and the env file has, which a release has for itself. */
  #mask(): Mask {
    const mask = new Mask();
    for (const [name, bytes] of this.#work.secrets) {
      const text = Buffer.from(bytes).toString("utf8");
      mask.learnEnvFile(text);
      if (name.startsWith("variable.")) mask.learn(text); // a value as it is, whatever it looks like
      if (name === "registry") for (const { password } of loginsIn(bytes).values()) mask.learn(password);
    }
    const { env } = this.#project.place;
    if (env === undefined) return mask;
    const content = new Tree(dirname(env)).at(basename(env), (parent, name) => parent.read(name));
    if (content !== undefined) mask.learnEnvFile(content.toString("utf8"));
    return mask;
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
