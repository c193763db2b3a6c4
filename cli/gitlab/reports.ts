import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { GitlabJob } from "./job.ts";

/** What jobs leave for GitLab and for each other lies here, in the folder that the job checked out; the templates name it. */
const reportsFolder = "slipway-reports";

/** The files of one stack. */
type ReportFile = "plan.md" | "plan.json" | "terraform.json" | "links.json" | "outputs.env" | "saved.json";

/** Where a file of a stack lies among the artifacts. */
export function reportPath(stack: string, file: ReportFile): string {
  return `${reportsFolder}/${stack}/${file}`;
}

/** The files of one stack that a job leaves behind. */
export class StackReports {
  readonly #folder: string;
  readonly #stack: string;
  readonly #job: GitlabJob;

  /** Begins anew: what an earlier job left says nothing of this one, but for the plan that this one may be held to. */
  constructor(job: GitlabJob, stack: string) {
    this.#stack = stack;
    this.#job = job;
    this.#folder = resolve(job.folder, reportsFolder, stack);
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder).filter((name) => join(this.#folder, name) !== this.saved))
      rmSync(join(this.#folder, name));
  }

  /** Path of the plan as JSON, which the program writes itself. */
  get plan(): string {
    return join(this.#folder, "plan.json");
  }

  /** Path of the plan that a deployment can be held to. */
  get saved(): string {
    return join(this.#folder, "saved.json");
  }

  /** What the note says of the stack. */
  say(markdown: string): void {
    this.#write("plan.md", `${markdown.trim()}\n`);
  }

  /** The counts in the widget of the merge request. */
  count(plan: CountedPlan): void {
    this.#write("terraform.json", `${JSON.stringify(widgetReport(plan))}\n`);
  }

  /** Links on the page of the job: the given file of this report, and where the environment answers. */
  link(file: ReportFile, label: string): void {
    const { url, environmentUrl } = this.#job;
    const links: JobLink[] = [
      { label: `${this.#stack}: ${label}`, url: `${url}/artifacts/file/${reportPath(this.#stack, file)}` },
      ...(environmentUrl === undefined ? [] : [{ label: `${this.#stack}: its address`, url: environmentUrl }]),
    ];
    this.#write("links.json", `${JSON.stringify(linksReport(links))}\n`);
  }

  /** Variables for later jobs. */
  variables(text: string): void {
    this.#write("outputs.env", text);
  }

  #write(name: ReportFile, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }
}

/** What the jobs before this one have to say of their stacks, by name. */
export function readSections(job: GitlabJob): string[] {
  const folder = join(job.folder, reportsFolder);
  const stacks = existsSync(folder) ? readdirSync(folder).sort() : [];
  return stacks.flatMap((stack) => {
    const file = join(folder, stack, "plan.md");
    return existsSync(file) ? [readFileSync(file, "utf8")] : [];
  });
}

/** What GitLab's widget on a merge request shows of a plan: how much is made, changed and taken away, and nothing else. */
interface WidgetReport {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/** Of a plan, as far as the widget is concerned. */
interface CountedPlan {
  /** By name. */
  readonly hosts: Readonly<Record<string, CountedHost>>;
}

/** A server of a plan. */
interface CountedHost {
  readonly documents: readonly { readonly change: CountedChange }[];
  /** What was applied and is declared no longer. */
  readonly removed: readonly unknown[];
}

/** Why a document is sent; a blind plan says what is likely. */
interface CountedChange {
  readonly kind: string;
  readonly likely?: string | undefined;
}

/** Counts a plan for the widget. */
export function widgetReport({ hosts }: CountedPlan): WidgetReport {
  const all = Object.values(hosts);
  const kinds = all.flatMap(({ documents }) => documents).map(({ change }) => change.likely ?? change.kind);
  const create = kinds.filter((kind) => kind === "new").length;
  const update = kinds.filter((kind) => kind !== "new" && kind !== "same").length;
  return { create, update, delete: all.flatMap(({ removed }) => removed).length };
}

/** A link on the page of a job. */
interface JobLink {
  readonly label: string;
  readonly url: string;
}

/** The file of links that GitLab shows beside a job (`artifacts:reports:annotations`). */
export function linksReport(links: readonly JobLink[]): object {
  return { slipway: links.map((link) => ({ external_link: link })) };
}
