import { posix } from "node:path";
import type { Mount } from "./application.ts";
import { readFileMount } from "./files.ts";
import type { NormalEntry, NormalService } from "./normal-service.ts";
import type { ComposeProject } from "./project.ts";
import { optionsOf, type ReaderContext } from "./context.ts";
import { listOf, mapOf, textOf, type JsonMap } from "../json.ts";

/** The mounts of a service, without those that the stack drops. */
export function readMounts(
  context: ReaderContext,
  project: ComposeProject,
  name: string,
  service: NormalService,
): Mount[] {
  const { drop } = optionsOf(context, name);
  const kept = service.volumes.filter(({ value }) => !drop.includes(textOf(mapOf(value)["target"]) ?? ""));
  return kept.flatMap((entry) => readMount(context, project, { name, service, entry }));
}

/** One entry of a service's `volumes`. */
interface MountEntry {
  readonly name: string;
  readonly service: NormalService;
  readonly entry: NormalEntry;
}

function readMount(context: ReaderContext, project: ComposeProject, mount: MountEntry): Mount[] {
  const { value, place } = mount.entry;
  const long = mapOf(value);
  const target = textOf(long["target"]) ?? "";
  const refused = refusedOptions(long);
  const refuse = (what: string, todo: string): Mount[] => {
    context.problems.push({ path: place, what: `the mount at ${target} ${what}`, todo });
    return [];
  };
  if (!target.startsWith("/")) return refuse("has no absolute path in the container", "begin the target with '/'");
  if (refused !== undefined) return refuse(`has ${refused}, which cannot be deployed`, "remove it");
  if (long["type"] === "tmpfs") return [{ type: "tmpfs", target, ...optionsIn(long, "tmpfs") }];
  if (long["type"] === "volume") return readVolume(project, long, { target, refuse });
  if (long["type"] === "bind") return readBind(context, mount, { target, refuse });
  return refuse(
    `is of type '${textOf(long["type"]) ?? ""}', which cannot be deployed`,
    "use a volume, a bind mount or a tmpfs",
  );
}

interface Target {
  readonly target: string;
  readonly refuse: (what: string, todo: string) => Mount[];
}

function readVolume(project: ComposeProject, long: JsonMap, { target, refuse }: Target): Mount[] {
  const source = textOf(long["source"]);
  const readOnly = isTrue(long["read_only"]);
  if (source === undefined || project.volumes.has(source))
    return [{ type: "volume", source, target, readOnly, ...optionsIn(long, "volume") }];
  return refuse(
    `uses the volume '${source}', which is not defined`,
    `add '${source}:' below the file's top-level volumes`,
  );
}

function readBind(context: ReaderContext, { name, service, entry }: MountEntry, { target, refuse }: Target): Mount[] {
  const long = mapOf(entry.value);
  const source = textOf(long["source"]) ?? "";
  const readOnly = isTrue(long["read_only"]);
  if (source.startsWith("~"))
    return refuse("comes from a home folder", "use a path of the server or a file of the repository");
  const options = optionsIn(long, "bind");
  if (source.startsWith("/")) return [{ type: "host", source, target, readOnly, ...options }];
  const path = posix.normalize(source).replace(/\/$/, "");
  const { release } = optionsOf(context, name);
  if (release && coversSources(context, service, { path, readOnly })) {
    return refuse(
      `covers the image of a release with the folder './${path === "." ? "" : path}'`,
      `add ${target} to services.${name}.drop, or mount it read-only if it is configuration`,
    );
  }
  const mount = readFileMount(context, { path, target, readOnly, place: entry.place });
  return mount === undefined ? [] : [{ ...mount, ...options }];
}

/** A writable folder, or one that contains the build context, holds a developer's sources and not configuration. */
function coversSources(
  context: ReaderContext,
  service: NormalService,
  mount: { path: string; readOnly: boolean },
): boolean {
  if (context.folder.entry(mount.path).kind !== "folder") return false;
  const buildFolder = textOf(mapOf(service.fields["build"])["context"]) ?? ".";
  const covers = mount.path === "." || buildFolder === mount.path || buildFolder.startsWith(`${mount.path}/`);
  return covers || !mount.readOnly;
}

/** An option of a mount that cannot be deployed. */
function refusedOptions(long: JsonMap): string | undefined {
  const [option] = listOf(long["options"]);
  if (option !== undefined) return `the option '${textOf(option) ?? ""}'`;
  return mapOf(long["volume"])["subpath"] === undefined ? undefined : "a subpath of its volume";
}

/** The options of a mount of this type. */
function optionsIn(long: JsonMap, type: "bind" | "volume" | "tmpfs"): { readonly options?: JsonMap } {
  const options = mapOf(long[type]);
  return Object.keys(options).length === 0 ? {} : { options };
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
