import type { ReaderContext } from "./context.ts";
import type { Definitions } from "./project/definitions.ts";
import { readMergedFiles } from "./project/merged-files.ts";

/** The whole Compose project: its files are merged, included files are part of it, and every `extends` is merged. */
export type ComposeProject = Definitions;

/** Reads the compose files, what they include and what their services extend. */
export function loadProject(context: ReaderContext): ComposeProject | undefined {
  const paths = [context.file, ...context.more];
  return readMergedFiles(context, { paths, scope: { folder: ".", local: {} }, chain: [] });
}
