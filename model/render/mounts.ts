import type { Mount } from "../compose/application.ts";
import type { JsonMap } from "../json.ts";
import { secretPath } from "../stack/secrets.ts";
import type { StackService } from "../stack/service.ts";
import { composeText } from "./yaml.ts";

/** By target: the delivered files and folders among mounts. */
export function mountedFiles(mounts: readonly Mount[]): Record<string, string> {
  return Object.fromEntries(mounts.flatMap((mount) => (mount.type === "file" ? [[mount.target, mount.source]] : [])));
}

/** The named volumes that these services mount, as top-level `volumes` of a compose file: they are there already. */
export function externalVolumes(services: readonly Pick<StackService, "volumes">[]): JsonMap {
  const mounted = services.flatMap(({ volumes }) => volumes);
  return Object.fromEntries(mounted.map(({ name, volume }) => [name, { external: true, name: volume }]));
}

/** One entry of a service's `volumes`; delivered files lie below `directory`. */
export function mountEntry(mount: Mount, directory: string): JsonMap {
  const target = composeText(mount.target);
  switch (mount.type) {
    case "tmpfs":
      return { type: "tmpfs", target };
    case "volume":
      return { type: "volume", target, ...sourceOf(mount.source), ...readOnly(mount) };
    case "file":
      return bind(`${directory}/${mount.source}`, target, mount);
    case "secret": // not among Compose's own secrets, of whose files it takes neither owner nor mode
      return bind(`${directory}/${secretPath(mount)}`, target, { readOnly: true });
    case "host":
      return bind(mount.source, target, mount);
  }
}

/** Without `create_host_path`, Docker refuses a file that is not there instead of making a folder of its name. */
function bind(source: string, target: string, mount: { readonly readOnly: boolean }): JsonMap {
  return { type: "bind", source: composeText(source), target, bind: { create_host_path: false }, ...readOnly(mount) };
}

function sourceOf(source: string | undefined): JsonMap {
  return source === undefined ? {} : { source };
}

function readOnly({ readOnly }: { readonly readOnly: boolean }): JsonMap {
  return readOnly ? { read_only: true } : {};
}
