import { isList, isMap, type Json, type JsonMap } from "../../json.ts";
import type { ReaderContext } from "../context.ts";
import { fillSome } from "../template.ts";
import { workingFolder, workingFolderAt } from "./working-folder.ts";

/** What holds for a file, those that are merged with it, and those that its services extend. */
export interface Scope {
  /** The base of relative paths. */
  readonly folder: string;
  /** Variables of an `include`'s env files. No other file gets them, so they are filled in when the file is read. */
  readonly local: Readonly<Record<string, string>>;
}

/** A value in its file. */
interface Written {
  readonly scope: Scope;
  readonly keys: readonly string[];
  readonly place: (...keys: readonly string[]) => string;
}

/** A value with the variables of its scope filled in, and with the folder in which Compose works. */
export function fillLocal(context: ReaderContext, value: Json, written: Written): Json {
  const { scope, keys, place } = written;
  if (isList(value)) {
    return value.map((item, index) => fillLocal(context, item, { ...written, keys: [...keys, String(index)] }));
  }
  if (isMap(value)) {
    const fields = Object.entries(value).map(([key, field]): [string, Json] => [
      key,
      fillLocal(context, field, { ...written, keys: [...keys, key] }),
    ]);
    return Object.fromEntries(fields);
  }
  if (typeof value !== "string") return value;
  const filled = fillSome(
    value,
    (name) => scope.local[name] ?? (name === workingFolder ? workingFolderAt(context, scope.folder, keys) : undefined),
  );
  if (filled !== undefined) return filled;
  context.problems.push({
    path: place(...keys),
    what: `${keys.join(".")} has a variable of the include's env_file inside of another one's braces, got '${value}'`,
    todo: "set that variable in the stack's `variables`, which comes before the env_file",
  });
  return value;
}

/** A service's fields, where variables of the scope that `environment` lists without a value have theirs. */
export function passLocal(context: ReaderContext, fields: JsonMap, { local, folder }: Scope): JsonMap {
  const { environment } = fields;
  if (!isMap(environment)) return fields;
  const passed = Object.entries(environment).map(([name, value]): [string, Json] => {
    const isFolder = name === workingFolder && value === null;
    const own = local[name] ?? (isFolder ? workingFolderAt(context, folder, ["environment"]) : undefined);
    return [name, value === null && own !== undefined ? own.replaceAll("$", "$$$$") : value];
  });
  return { ...fields, environment: Object.fromEntries(passed) };
}
