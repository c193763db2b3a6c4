import { z } from "zod";
import * as declared from "../declaration/gitlab.ts";
import { command, type Call } from "../commands/command.ts";
import { GitlabApi, projectToken, type GitlabToken } from "./api.ts";
import { readJob, tokenVariable, type GitlabJob, type MergeRequest } from "./job.ts";
import { readSections } from "./report-folder.ts";
import { log } from "../output.ts";

/** `slipway gitlab note`: writes the plans of this pipeline into the one note on its merge request. */
export const gitlabNote = command(declared.gitlabNote, writeNote);

async function writeNote(call: Call): Promise<number> {
  const job = readJob(call.environment);
  if (job.mergeRequest === undefined) return skip("this pipeline belongs to no merge request");
  const token = projectToken(call.environment);
  if (token === undefined) return skip(withoutToken(job.mergeRequest));
  await new MergeRequestNote(job, job.mergeRequest, token).write(bodyOf(job));
  return 0;
}

function bodyOf(job: GitlabJob): string {
  const { project, commit, pipeline } = job;
  return noteBody({ project: project.path, commit, pipeline }, readSections(job));
}

function skip(why: string): number {
  log(`no note is written: ${why}`);
  return 0;
}

function withoutToken({ fork }: MergeRequest): string {
  const why = fork === undefined ? "" : `, as it should be for a merge request from the fork ${fork}`;
  return `${tokenVariable} is not set${why}; the plans are in the artifacts of the preview jobs`;
}

const noteSchema = z.object({
  id: z.number(),
  body: z.string(),
  system: z.boolean().default(false),
  author: z.object({ id: z.number() }),
});

const pageSize = 100;

/** Our note on a merge request. It begins with the marker, and its author is the owner of the token. */
class MergeRequestNote {
  readonly #api: GitlabApi;
  readonly #marker: string;
  readonly #path: string;

  constructor(job: GitlabJob, { iid, project }: MergeRequest, token: GitlabToken) {
    this.#api = new GitlabApi(job.api, token);
    this.#marker = noteMarker(job.project.path);
    this.#path = `projects/${encodeURIComponent(project)}/merge_requests/${encodeURIComponent(iid)}/notes`;
  }

  async write(body: string): Promise<void> {
    const known = await this.#find();
    if (known?.body === body) {
      log("the note on the merge request is up to date");
      return;
    }
    const path = known === undefined ? this.#path : `${this.#path}/${known.id}`;
    await this.#api.ask(noteSchema, { method: known === undefined ? "POST" : "PUT", path, body: { body } });
    log(known === undefined ? "wrote the note on the merge request" : "updated the note on the merge request");
  }

  async #find(): Promise<z.output<typeof noteSchema> | undefined> {
    const { id } = await this.#api.ask(z.object({ id: z.number() }), { path: "user" });
    for (let page = 1; ; page += 1) {
      const path = `${this.#path}?per_page=${pageSize}&page=${page}&order_by=created_at&sort=asc`;
      const notes = await this.#api.ask(z.array(noteSchema), { path });
      const own = notes.find(({ body, system, author }) => !system && author.id === id && this.#marks(body));
      if (own !== undefined || notes.length < pageSize) return own;
    }
  }

  #marks(body: string): boolean {
    return body.startsWith(this.#marker);
  }
}

/** The origin of a note, for its readers. */
interface NoteOrigin {
  /** The project. A merge request may have notes of several. */
  readonly project: string;
  readonly commit: string;
  readonly pipeline: { readonly id: string; readonly url: string };
}

/** Limits in characters. GitLab refuses a note of more than a million. */
const limits = { section: 150_000, note: 900_000 } as const;

/** The first line of a note. It is invisible, and the next pipeline finds the note by it. */
export function noteMarker(project: string): string {
  return `<!-- slipway preview of ${project} -->`;
}

/** The text of the note: a section of Markdown for each stack. */
export function noteBody(origin: NoteOrigin, sections: readonly string[]): string {
  const { project, commit, pipeline } = origin;
  const head = [
    noteMarker(project),
    `## What this merge request would change`,
    "",
    `Of commit ${commit}, by pipeline [${pipeline.id}](${pipeline.url}).`,
  ];
  const all =
    sections.length === 0 ? ["No stack left a plan; the jobs of the pipeline say why."] : sections.map(section);
  return cut([...head, ...all.map((text) => `\n${text}`)].join("\n"), limits.note);
}

function section(text: string): string {
  return cut(text.trim(), limits.section);
}

/** Closes what the cut left open, or else everything behind it would be folded away. */
function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const kept = text.slice(0, characters);
  const open = kept.split("<details>").length - kept.split("</details>").length;
  return `${kept}\n\n… cut here; the job has all of it.${"\n\n</details>".repeat(Math.max(0, open))}`;
}
