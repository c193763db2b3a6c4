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
