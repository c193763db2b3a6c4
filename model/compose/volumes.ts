import { isMap, mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import type { ApplicationVolume, Mount } from "./application.ts";
import { readBoolean } from "./boolean.ts";
import { resolveText, type ReaderContext } from "./context.ts";
import type { ComposeProject } from "./project.ts";
import type { Resource } from "./project/definitions.ts";

/** The top-level volumes that mounts name, by name. */
export function readVolumes(
  context: ReaderContext,
  project: ComposeProject,
  mounts: readonly Mount[],
): Record<string, ApplicationVolume> {
  const used = mounts.flatMap((mount) => (mount.type === "volume" && mount.source !== undefined ? [mount.source] : []));
  return Object.fromEntries(
    [...new Set(used)].sort().map((key) => [key, readVolume(context, key, project.volumes.get(key))]),
  );
}

/** One field of a volume, for messages. */
interface Field {
  readonly key: string;
  readonly place: string;
  readonly field: string;
}

/** A volume with its own name, or one that is there before, is the one that Compose itself would take. */
function readVolume(context: ReaderContext, key: string, resource: Resource | undefined): ApplicationVolume {
  if (resource === undefined) return {};
  const { value, place } = resource;
  const { external, driver, driver_opts: options, labels } = value;
  const at = (field: string): Field => ({ key, place, field });
  // An earlier form of the specification has the name below `external`.
  const name = volumeName(context, value["name"] ?? mapOf(external)["name"], at("name"));
  const isExternal = isMap(external) || readBoolean(context, external, { place, name: `volumes.${key}.external` });
  if (isExternal === true) return { external: true, name: name ?? key };
  const by = textIn(context, driver, at("driver"));
  const made = textsIn(context, options, at("driver_opts"));
  const marks = textsIn(context, labels, at("labels"));
  if (marks !== undefined)
    context.notes.push(`volumes.${key}: its labels are set when the volume is made; one that is there keeps its own`);
  return {
    ...(name !== undefined && { name }),
    ...(by !== undefined && by !== "local" && { driver: by }),
    ...(made !== undefined && { options: made }),
    ...(marks !== undefined && { labels: marks }),
  };
}

function volumeName(context: ReaderContext, written: Json | undefined, field: Field): string | undefined {
  const name = textIn(context, written, field);
  if (name === undefined || /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return name;
  const what = `the volume '${field.key}' has a name that Docker does not take, got '${name}'`;
  context.problems.push({ path: field.place, what, todo: "use letters, digits and '_.-'" });
  return undefined;
}

function textsIn(context: ReaderContext, written: Json | undefined, at: Field): Record<string, string> | undefined {
  const map: JsonMap = mapOf(written);
  const texts = Object.entries(map).map(([name, value]): [string, string] => {
    return [name, textIn(context, value, { ...at, field: `${at.field}.${name}` }) ?? ""];
  });
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

/** A secret would stand in the document of the volume, and the engine shows it to everybody who asks. */
const byHand = "make the volume on the server by hand, and write `external: true` with its name";

function textIn(context: ReaderContext, written: Json | undefined, { key, place, field }: Field): string | undefined {
  const text = textOf(written);
  if (text === undefined) return undefined;
  const secretTodo = field.startsWith("driver_opts") ? { secretTodo: byHand } : {};
  return resolveText(context, text, { place, name: `${field} of the volume '${key}'`, ...secretTodo });
}
