import { posix } from "node:path";
import type { DeliveredFile, FileMount } from "./application.ts";
import type { FolderEntry, TrackedFile } from "./folder.ts";
import type { Reading } from "./reading.ts";

/** Bytes that one delivered file may have: it travels in a document, and a preview compares it line by line. */
const largestFile = 256 * 1024;

/** Bytes that all delivered files may have together. */
const largestSum = 1024 * 1024;

/** A file or folder of the repository that a service wants to have. */
interface WantedFile {
  /** Relative to the compose file. */
  readonly path: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly place: string;
  /** What to do where git does not have it, unless that is to commit it. */
  readonly wayOut?: string;
}

/** The mount of a file, or of a folder of files, that git tracks; undefined, with the reasons, where it cannot be delivered. */
export function readFileMount(reading: Reading, wanted: WantedFile): FileMount | undefined {
  const { path, target, readOnly, place, wayOut } = wanted;
  const entry = reading.folder.entry(path);
  const files = trackedFiles(entry);
  const faults = entryFaults(path, entry, wayOut) ?? files.flatMap(fileFault);
  for (const [what, todo] of faults)
    reading.problems.push({ path: place, what: `the mounted '${path}' ${what}`, todo });
  return faults.length > 0
    ? undefined
    : { type: "file", source: path, target, readOnly, files: files.map(deliveredFile) };
}

/** What is wrong, and what to do about it. */
type Fault = readonly [what: string, todo: string];

function entryFaults(path: string, entry: FolderEntry, wayOut?: string): Fault[] | undefined {
  if (path === ".." || path.startsWith("../")) {
    return [["lies outside of the compose file's folder", "move it beside the compose file"]];
  }
  if (entry.kind === "absent") return [["does not exist", wayOut ?? "add it to the repository, or correct the path"]];
  if (trackedFiles(entry).length > 0) return undefined;
  if (entry.kind === "file")
    return [["is not tracked by git", wayOut ?? "commit it, or use a named volume where it is data"]];
  return [["holds no file that git tracks", "use a named volume for data, or commit the files"]];
}

function trackedFiles(entry: FolderEntry): readonly TrackedFile[] {
  if (entry.kind === "absent") return [];
  if (entry.kind === "folder") return entry.tracked;
  return entry.tracked === undefined ? [] : [entry.tracked];
}

function fileFault(file: TrackedFile): Fault[] {
  const name = posix.basename(file.path);
  if (file.kind === "link") return [[`holds the link '${name}'`, "put the file itself there"]];
  if (file.kind === "submodule") return [[`holds the submodule '${name}'`, "copy what is needed from it"]];
  if (file.size === undefined)
    return [[`lacks the file '${name}', which git tracks`, "restore it, or remove it from git"]];
  if (file.size <= largestFile) return [];
  return [[`holds '${name}' with ${file.size} bytes, more than ${largestFile}`, "put it into an image or a volume"]];
}

function deliveredFile(file: TrackedFile): DeliveredFile {
  return { path: file.path, executable: file.executable, content: file.content() };
}

/** What all services mount together must fit into the documents of one run. */
export function checkSum(reading: Reading, mounts: readonly FileMount[]): void {
  const sizes = new Map(mounts.flatMap(({ files }) => files).map(({ path, content }) => [path, content.length]));
  const sum = [...sizes.values()].reduce((total, bytes) => total + bytes, 0);
  if (sum <= largestSum) return;
  const [largest = ""] = [...sizes].sort(([, a], [, b]) => b - a).map(([path, bytes]) => `${path} with ${bytes}`);
  const what = `services mount more than ${largestSum} bytes of files, got ${sum} (${largest})`;
  reading.problems.push({
    path: `${reading.prefix}${reading.file}`,
    what,
    todo: "put large files into an image or a volume",
  });
}
