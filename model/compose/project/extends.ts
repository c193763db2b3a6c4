import { posix } from "node:path";
import { guess } from "../../guess.ts";
import { mapOf, textOf } from "../../json.ts";
import { resolveText, type ReaderContext } from "../context.ts";
import { mergeServices, withoutFields } from "../merge.ts";
import type { NormalService } from "../normal-service.ts";
import type { ComposeText } from "../text.ts";
import { omit } from "../value.ts";
import { below, definitionsOf } from "./definitions.ts";
import { labelOf, loadText } from "./load.ts";
import type { Scope } from "./scope.ts";

/** A file, and the services that those of it may extend: its own, and those that it includes. */
export interface ExtendingFile {
  readonly text: ComposeText;
  readonly scope: Scope;
  readonly services: ReadonlyMap<string, NormalService>;
}

/** The services of a file, each merged over all that it extends. One that cannot be is missing. */
export function extendServices(context: ReaderContext, file: ExtendingFile): ReadonlyMap<string, NormalService> {
  return new Map(
    [...file.services].flatMap(([name, service]): [string, NormalService][] => {
      const extended = extend(context, file, { name, service, chain: [] });
      return extended === undefined ? [] : [[name, extended]];
    }),
  );
}

interface Extending {
  readonly name: string;
  readonly service: NormalService;
  /** The services that extend this one, to detect a circle. */
  readonly chain: readonly string[];
}

function extend(context: ReaderContext, file: ExtendingFile, extending: Extending): NormalService | undefined {
  const { name, service, chain } = extending;
  const extension = mapOf(service.fields["extends"]);
  const base = textOf(extension["service"]);
  if (base === undefined) return service;
  const id = `${file.text.path} ${name}`;
  const place = service.place("extends");
  if (chain.includes(id)) {
    context.problems.push({ path: place, what: `service '${name}' extends itself`, todo: "break the circle" });
    return undefined;
  }
  const found = findBase(context, file, { by: name, name: base, path: textOf(extension["file"]), place });
  const merged = found && extend(context, found.file, { ...found, name: base, chain: [...chain, id] });
  if (merged === undefined) return undefined;
  const removals = below(below(file.text.removals, "services"), name);
  return mergeServices(withoutFields(merged, removals), { ...service, fields: omit(service.fields, ["extends"]) });
}

interface Wanted {
  /** The service that extends it. */
  readonly by: string;
  readonly name: string;
  /** The file of `extends`; undefined for this one. */
  readonly path: string | undefined;
  readonly place: string;
}

function findBase(
  context: ReaderContext,
  file: ExtendingFile,
  { by, name, path: written, place }: Wanted,
): { file: ExtendingFile; service: NormalService } | undefined {
  const from = written === undefined ? file : loadExtended(context, file, { written, place });
  if (from === undefined) return undefined;
  const service = from.services.get(name);
  if (service !== undefined) return { file: from, service };
  const what = `there is no service '${name}' in ${labelOf(context, from.text.path)}`;
  const others = [...from.services.keys()].filter((other) => from !== file || other !== by);
  context.problems.push({ path: place, what, todo: guess(name, others) });
  return undefined;
}

function loadExtended(
  context: ReaderContext,
  file: ExtendingFile,
  { written, place }: { written: string; place: string },
): ExtendingFile | undefined {
  const path = resolveText(context, written, { place, name: "extends" });
  if (path === undefined) return undefined;
  const target = posix.join(file.scope.folder, path);
  if (target === file.text.path) return file;
  const text = loadText(context, { path: target, reference: place, over: true });
  if (text === undefined) return undefined;
  const scope = { ...file.scope, folder: posix.dirname(target) };
  return { text, scope, services: definitionsOf(context, text, scope).services };
}
