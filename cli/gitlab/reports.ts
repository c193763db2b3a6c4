import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { replaceFile } from "../../config/whole-file.ts";
import type { PrintedPlan } from "../../model/report/printed-plan.ts";
import type { GitlabJob } from "./job.ts";
import { reportPath, requireReportsOfJobs, stackFolder, type ReportFile } from "./report-folder.ts";

/** The purpose of a job. Only a deployment may have to carry out the plan that an earlier job saved. */
type Purpose = "preview" | "deployment";

/** The files of one stack that a job leaves behind. */
export class StackReports {
  readonly #folder: string;
  readonly #stack: string;
  readonly #job: GitlabJob;

  /** Removes the files of an earlier job; a deployment keeps the saved plan. */
  constructor(job: GitlabJob, stack: string, purpose: Purpose) {
    requireReportsOfJobs(job, stack);
    this.#stack = stack;
    this.#job = job;
    this.#folder = resolve(job.folder, stackFolder(stack));
    mkdirSync(this.#folder, { recursive: true });
    const files = readdirSync(this.#folder).map((name) => join(this.#folder, name));
    const old = files.filter((file) => purpose === "preview" || file !== this.saved);
    for (const file of old) rmSync(file, { recursive: true });
  }

  /** Path of the plan as JSON. */
  get plan(): string {
    return join(this.#folder, "plan.json");
  }

  /** Path of the saved plan, which a deployment can be held to. */
  get saved(): string {
    return join(this.#folder, "saved.json");
  }

  /** Writes the plan as JSON. */
  writePlan(plan: PrintedPlan): void {
    this.#write("plan.json", `${JSON.stringify(plan, undefined, 2)}\n`);
  }

  /** Writes the stack's section of the note on the merge request. */
  writeSection(markdown: string): void {
    this.#write("plan.md", `${markdown.trim()}\n`);
  }

  /** Writes the counts for GitLab's widget on the merge request. */
  writeCounts(plan: CountedPlan): void {
    this.#write("terraform.json", `${JSON.stringify(widgetReport(plan))}\n`);
  }

  /** Writes the links on the page of the job: to the given file of this report, and to the environment. */
  writeLinks(file: ReportFile, label: string): void {
    const { url, environmentUrl } = this.#job;
    const links: JobLink[] = [
      { label: `${this.#stack}: ${label}`, url: `${url}/artifacts/file/${reportPath(this.#stack, file)}` },
      ...(environmentUrl === undefined ? [] : [{ label: `${this.#stack}: its address`, url: environmentUrl }]),
    ];
    this.#write("links.json", `${JSON.stringify(linksReport(links))}\n`);
  }

  /** Writes variables for later jobs. */
  writeVariables(text: string): void {
    this.#write("outputs.env", text);
  }

  #write(name: ReportFile, text: string): void {
    replaceFile(join(this.#folder, name), text, { place: reportPath(this.#stack, name) });
  }
}

/** The counts in GitLab's widget on a merge request. */
interface WidgetReport {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/** The parts of a plan that the widget counts. */
interface CountedPlan {
  /** By name. */
  readonly hosts: Readonly<Record<string, CountedHost>>;
}

/** A server of a plan. */
interface CountedHost {
  readonly documents: readonly { readonly change: CountedChange }[];
  /** Documents that were applied and are no longer declared. */
  readonly removed: readonly unknown[];
}

/** The reason for sending a document; in a plan that was made without the server, the likely reason. */
interface CountedChange {
  readonly kind: string;
  readonly likely?: string | undefined;
}

/** Counts the changes of a plan for the widget. */
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

/** The links that GitLab shows beside a job (`artifacts:reports:annotations`). */
export function linksReport(links: readonly JobLink[]): object {
  return { slipway: links.map((link) => ({ external_link: link })) };
}
