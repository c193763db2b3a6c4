import { posix } from "node:path";
import { isMap, listOf, textOf, type Json } from "../../json.ts";
import { resolveText, type ReaderContext } from "../context.ts";
import type { ComposeText } from "../text.ts";
import { mergeDefinitions, nothing, type Definitions } from "./definitions.ts";
import { includedVariables } from "./include-variables.ts";
import type { Scope } from "./scope.ts";
import type { ProjectFiles } from "./merged-files.ts";

/** Reads files that are merged into one project. */
type ReadFiles = (context: ReaderContext, files: ProjectFiles) => Definitions | undefined;

/** A file that includes others. */
interface Including {
  readonly text: ComposeText;
  readonly scope: Scope;
  /** This file and those that include it, to detect a circle. */
  readonly chain: readonly string[];
}

/** All that a file includes. Where two of them define a name, the one that is named first counts more. */
export function readIncludes(context: ReaderContext, file: Including, read: ReadFiles): Definitions {
  return listOf(file.text.content["include"]).reduce<Definitions>((found, entry, index) => {
    const place = file.text.place(["include", index]);
    const files = includedFiles(context, file, { entry, place });
    const next = files && read(context, files);
    return next === undefined ? found : mergeDefinitions(next, found);
  }, nothing);
}

/** One entry of `include`. */
interface IncludeEntry {
  readonly entry: Json;
  readonly place: string;
}

function includedFiles(
  context: ReaderContext,
  { scope, chain }: Including,
  { entry, place }: IncludeEntry,
): ProjectFiles | undefined {
  const long = isMap(entry) ? entry : { path: entry };
  const resolve = (value: Json | undefined): (string | undefined)[] =>
    listOf(value).map((path) => resolveText(context, textOf(path) ?? "", { place, name: "include" }));
  const paths = resolve(long["path"]).map((path) => path && placeIn(scope.folder, path));
  const [directory = paths[0] && posix.dirname(paths[0])] = resolve(long["project_directory"]).map(
    (path) => path && posix.join(scope.folder, path),
  );
  const files = paths.filter((path) => path !== undefined);
  if (directory === undefined || files.length < paths.length) return undefined;
  const problem = pathProblem(files, chain);
  if (problem !== undefined) {
    context.problems.push({ path: place, ...problem });
    return undefined;
  }
  const envFiles = resolve(long["env_file"]).filter((path) => path !== undefined);
  const local = includedVariables(context, scope, { files: envFiles, directory, place });
  return { paths: files, reference: place, scope: { folder: directory, local }, chain };
}

/** Addresses from which Compose would fetch a file. */
const remoteFile = /^[a-z+]+:\/\/|^git@|^oci:/;

function placeIn(folder: string, path: string): string {
  return remoteFile.test(path) ? path : posix.join(folder, path);
}

function pathProblem(paths: readonly string[], chain: readonly string[]): { what: string; todo: string } | undefined {
  const remote = paths.find((path) => remoteFile.test(path));
  if (remote !== undefined) {
    return { what: `a remote compose file cannot be deployed, got '${remote}'`, todo: "copy it into the repository" };
  }
  const again = paths.find((path) => chain.includes(path));
  return again === undefined ? undefined : { what: `'${again}' includes itself`, todo: "break the circle" };
}
