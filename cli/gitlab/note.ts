import { z } from "zod";
import type { Call, Command } from "../commands/command.ts";
import { GitlabApi, projectToken, type GitlabToken } from "./api.ts";
import { readJob, tokenVariable, type GitlabJob, type MergeRequest } from "./job.ts";
import { readSections } from "./reports.ts";
import { note as say } from "../output.ts";
import { ownOptions } from "../own-options.ts";

/** `slipway gitlab note`: puts the plans that this pipeline made into the one note of its merge request. */
export const gitlabNote: Command = {
  name: "gitlab note",
  usage: "",
  summary: "writes the plans of a pipeline into the note on its merge request",
  details: [
    "",
    "It reads what `slipway gitlab preview` left in slipway-reports, and writes one note, or updates the one that an earlier pipeline wrote.",
    `It needs a project access token in ${tokenVariable}, since a job's own token may not write notes. Without one it says so and is content.`,
  ],
  run: writeTheNote,
};

async function writeTheNote(call: Call): Promise<number> {
  ownOptions(call, []);
  const job = readJob(call.environment);
  if (job.mergeRequest === undefined) return content("this pipeline belongs to no merge request");
  const token = projectToken(call.environment);
  if (token === undefined) return content(withoutToken(job.mergeRequest));
  await new MergeRequestNote(job, job.mergeRequest, token).write(bodyOf(job));
  return 0;
}

function bodyOf(job: GitlabJob): string {
  const { project, commit, pipeline } = job;
  return noteBody({ project: project.path, commit, pipeline }, readSections(job));
}

function content(why: string): number {
  say(`no note is written: ${why}`);
  return 0;
}

function withoutToken({ fork }: MergeRequest): string {
  const why = fork === undefined ? "" : `, as is right for a merge request from the fork ${fork}`;
  return `${tokenVariable} is not set${why}; the plans lie in the artifacts of the preview jobs`;
}

const noteSchema = z.object({
  id: z.number(),
  body: z.string(),
  system: z.boolean().default(false),
  author: z.object({ id: z.number() }),
});

const pageSize = 100;

/** The note of a merge request that is ours: it begins with the marker, and its author is who the token belongs to. */
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
      say("the note on the merge request says it already");
      return;
    }
    const path = known === undefined ? this.#path : `${this.#path}/${known.id}`;
    await this.#api.ask(noteSchema, { method: known === undefined ? "POST" : "PUT", path, body: { body } });
    say(known === undefined ? "wrote the note on the merge request" : "updated the note on the merge request");
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

/** From where a note came, for those who read it. */
interface NoteOrigin {
  /** The project, which tells its note from those of others in the same merge request. */
  readonly project: string;
  readonly commit: string;
  readonly pipeline: { readonly id: string; readonly url: string };
}

/** A note and a section may be this long, in characters; GitLab refuses a note of more than a million. */
const longest = { section: 150_000, note: 900_000 } as const;

/** The first line of a note, which nobody sees, and by which the next pipeline finds it. */
export function noteMarker(project: string): string {
  return `<!-- slipway preview of ${project} -->`;
}

/** The one note of a merge request: what each stack would change, in Markdown with a heading of its own. */
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
  return cut([...head, ...all.map((text) => `\n${text}`)].join("\n"), longest.note);
}

function section(text: string): string {
  return cut(text.trim(), longest.section);
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}\n\n… cut here; the job has all of it.`;
}
