import type { ReaderContext } from "../context.ts";
import { definitionsOf, mergeDefinitions, nothing, type Definitions } from "./definitions.ts";
import { extendServices } from "./extends.ts";
import { readIncludes } from "./include.ts";
import { loadText } from "./load.ts";
import type { Scope } from "./scope.ts";

/** Files that make one project: each is merged over those before it. */
export interface ProjectFiles {
  readonly paths: readonly string[];
  /** The place that names them; undefined if the configuration does. */
  readonly reference?: string;
  readonly scope: Scope;
  /** The files that include these, to detect a circle. */
  readonly chain: readonly string[];
}

/** Reads files with all that they include and extend; undefined if one of them cannot be read. */
export function readMergedFiles(context: ReaderContext, files: ProjectFiles): Definitions | undefined {
  const { paths, reference, scope } = files;
  const inScope = { ...context, variables: { ...scope.local, ...context.variables } };
  const texts = paths.map((path, index) => loadText(inScope, { path, reference, over: index > 0 }));
  return texts.reduce<Definitions | undefined>((found, text) => {
    if (found === undefined || text === undefined) return undefined;
    const included = readIncludes(inScope, { text, scope, chain: [...files.chain, text.path] }, readMergedFiles);
    const own = mergeDefinitions(included, definitionsOf(inScope, text, scope), text.removals);
    const services = extendServices(inScope, { text, scope, services: own.services });
    return mergeDefinitions(found, { ...own, services }, text.removals);
  }, nothing);
}
