import { isMap, mapOf, type Json, type JsonMap } from "../../json.ts";
import type { ReaderContext } from "../context.ts";
import { schemaProblems } from "../schema.ts";
import { reservedNames } from "./reserved-names.ts";
import { parseCompose, type ComposeText } from "../text.ts";

/** One file to load. */
interface LoadRequest {
  readonly path: string;
  /** The place that names the file; undefined if the configuration does. */
  readonly reference?: string | undefined;
  /** The file is merged over another one, so it need not be complete. */
  readonly over?: boolean;
}

/** Loads a file that parses and follows the Compose specification. */
export function loadText(
  context: ReaderContext,
  { path, reference, over = false }: LoadRequest,
): ComposeText | undefined {
  const body = context.folder.text(path);
  const label = labelOf(context, path);
  if (body === undefined) {
    const todo = "correct the path, or add the file";
    context.problems.push({ path: reference ?? "compose", what: `there is no file '${label}'`, todo });
    return undefined;
  }
  const parsed = parseCompose(path, body, label);
  const text = over && "content" in parsed ? { ...parsed, content: withoutNothing(parsed.content) } : parsed;
  const problems = "content" in text ? [...schemaProblems(text, context.schema, over), ...reservedNames(text)] : text;
  context.problems.push(...problems);
  return "content" in text && problems.length === 0 ? text : undefined;
}

/** The path of a file in messages: from the folder of the configuration. */
export function labelOf({ prefix }: Pick<ReaderContext, "prefix">, path: string): string {
  const parts = `${prefix}${path}`.split("/").reduce<string[]>((kept, part) => {
    if (part !== ".." || kept.length === 0 || kept.at(-1) === "..") return [...kept, part];
    return kept.slice(0, -1);
  }, []);
  return parts.join("/");
}

/** Fields for which nothing means something. */
const meaningful = ["command", "entrypoint"];

/** The content of a file that is merged over another one. What is empty in it changes nothing there. */
function withoutNothing(content: JsonMap): JsonMap {
  const services = mapOf(withoutNulls(content)["services"]);
  const kept = Object.entries(withoutNulls(services)).map(([name, service]): [string, Json] => [
    name,
    isMap(service) ? withoutNulls(service, meaningful) : service,
  ]);
  return { ...withoutNulls(content), ...(kept.length > 0 && { services: Object.fromEntries(kept) }) };
}

function withoutNulls(map: JsonMap, except: readonly string[] = []): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => value !== null || except.includes(key)));
}
