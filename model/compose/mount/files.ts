import { posix } from "node:path";
import type { DeliveredFile, FileMount } from "../application.ts";
import type { FolderEntry, TrackedFile } from "../folder.ts";
import type { ReaderContext } from "../context.ts";

/** A file or folder of the repository that a service asks to mount. */
interface RequestedMount {
  /** Relative to the compose file. */
  readonly path: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly place: string;
  /** The advice if git does not track it; to commit it unless given. */
  readonly wayOut?: string | undefined;
}

/** The mount of a file or folder that git tracks. Reports problems and returns undefined if it cannot be delivered. */
export function readFileMount(context: ReaderContext, request: RequestedMount): FileMount | undefined {
  const { path, target, readOnly, place, wayOut } = request;
  const entry = context.folder.entry(path);
  const files = trackedFiles(entry);
  const faults = entryFaults(path, entry, wayOut) ?? files.flatMap((file) => fileFaults(context, file));
  for (const [what, todo] of faults)
    context.problems.push({ path: place, what: `the mounted '${path}' ${what}`, todo });
  return faults.length > 0
    ? undefined
    : { type: "file", source: path, target, readOnly, files: files.map(deliveredFile) };
}

/** A mistake and its way out. */
type Fault = readonly [what: string, todo: string];

function entryFaults(path: string, entry: FolderEntry, wayOut?: string): Fault[] | undefined {
  if (path === ".." || path.startsWith("../")) {
    return [["lies outside of the compose file's folder", wayOut ?? "move it beside the compose file"]];
  }
  if (entry.kind === "absent") return [["does not exist", wayOut ?? "add it to the repository, or correct the path"]];
  if (trackedFiles(entry).length > 0) return undefined;
  if (entry.kind === "file") return [["is not tracked by git", wayOut ?? untrackedAdvice]];
  return [["holds no file that git tracks", wayOut ?? "commit its files"]];
}

const untrackedAdvice = "commit it; if it is data, mount the folder that it is in, and name that in `folders`";

function trackedFiles(entry: FolderEntry): readonly TrackedFile[] {
  if (entry.kind === "absent") return [];
  if (entry.kind === "folder") return entry.tracked;
  return entry.tracked === undefined ? [] : [entry.tracked];
}

/** What keeps a tracked file from being delivered. */
export function fileFaults(context: ReaderContext, file: TrackedFile): Fault[] {
  const { limit } = context.limits;
  const name = posix.basename(file.path);
  if (file.kind === "link") return [[`holds the link '${name}'`, "put the file itself there"]];
  if (file.kind === "submodule") return [[`holds the submodule '${name}'`, "copy what is needed from it"]];
  if (file.size === undefined)
    return [[`lacks the file '${name}', which git tracks`, "restore it, or remove it from git"]];
  if (file.size <= limit) return [];
  context.wanted.push({ kind: "limit", bytes: file.size });
  const todo = "raise `files.limit`, up to 16 MB, or put it into an image or a volume";
  return [[`holds '${name}' with ${file.size} bytes, more than ${limit}`, todo]];
}

function deliveredFile(file: TrackedFile): DeliveredFile {
  return { path: file.path, executable: file.executable, content: file.content() };
}

/** Refuses delivered files that together are too large for the documents of one run. */
export function checkTotalSize(context: ReaderContext, mounts: readonly FileMount[]): void {
  const sizes = new Map(mounts.flatMap(({ files }) => files).map(({ path, content }) => [path, content.length]));
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const { total: most } = context.limits;
  if (total <= most) return;
  context.wanted.push({ kind: "total", bytes: total });
  const [largest = ""] = [...sizes].sort(([, a], [, b]) => b - a).map(([path, bytes]) => `${path} with ${bytes}`);
  const what = `services mount more than ${most} bytes of files, got ${total} (${largest})`;
  context.problems.push({
    path: `${context.prefix}${context.file}`,
    what,
    todo: "raise `files.total`, up to 64 MB, or put large files into an image or a volume",
  });
}
