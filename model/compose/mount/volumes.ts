import type { ApplicationVolume, Mount } from "../application.ts";
import type { ReaderContext } from "../context.ts";
import type { ComposeProject } from "../project.ts";
import type { Resource } from "../project/definitions.ts";
import { ResourceReader } from "../resource/resource-reader.ts";

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

/** A volume with its own name, or one that is there before, is the one that Compose itself would take. */
function readVolume(context: ReaderContext, key: string, resource: Resource | undefined): ApplicationVolume {
  if (resource === undefined) return {};
  const reader = new ResourceReader(context, { kind: "volumes", key }, resource);
  const name = reader.name();
  if (reader.isExternal) return { external: true, name: name ?? key };
  const [driver, options, labels] = [reader.text("driver"), reader.texts("driver_opts"), reader.texts("labels")];
  const hasLabels = Object.keys(labels).length > 0;
  if (hasLabels) reader.note("its labels are set when the volume is made; one that is there keeps its own");
  return {
    ...(name !== undefined && { name }),
    ...(driver !== undefined && driver !== "local" && { driver }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(hasLabels && { labels }),
  };
}
