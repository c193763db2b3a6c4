import { posix } from "node:path";
import type { ComposeFolder } from "../model/compose/folder.ts";
import type { ReaderInput } from "../model/compose/context.ts";
import type { Problem } from "../model/problem.ts";

/** The compose files of a stack. Paths are from the folder of Pulumi.yaml. */
export interface ComposeFiles {
  /** In the order in which they are merged; none if none was found. */
  readonly paths: readonly string[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** The names that Compose looks for, in its order. */
export const usualNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** The files that Compose merges by itself over one that it found. They are for developers' machines. */
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

/** The compose files that the configuration names, or the one with a usual name. No override is merged by itself. */
export function findComposeFiles(
  named: readonly string[] | undefined,
  root: Pick<ComposeFolder, "text">,
): ComposeFiles {
  if (named !== undefined) return { paths: named, notes: [], problems: [] };
  const isThere = (name: string): boolean => root.text(name) !== undefined;
  const [found, ...others] = usualNames.filter(isThere);
  if (found === undefined) {
    const what = `there is none of ${usualNames.join(", ")} in the folder of Pulumi.yaml`;
    return { paths: [], notes: [], problems: [{ path: "compose", what, todo: "add one, or set compose to its path" }] };
  }
  const notes = [
    ...others.map((name) => `${name} is not read, since ${found} is there; set \`compose\` to choose`),
    ...overrideNames
      .filter(isThere)
      .map(
        (name) => `${name} is not merged, as it is for developers; name it in \`compose\` if this environment needs it`,
      ),
  ];
  return { paths: [found], notes, problems: [] };
}

/** Where the reader finds compose files: relative paths in them are from the folder of the first one. */
export function placeOfFiles([first = "", ...more]: readonly string[]): { folder: string } & Pick<
  ReaderInput,
  "file" | "more" | "prefix"
> {
  const folder = posix.dirname(first);
  return {
    folder,
    file: posix.basename(first),
    more: more.map((path) => posix.relative(folder, path)),
    prefix: folder === "." ? "" : `${folder}/`,
  };
}
