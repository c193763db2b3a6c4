import type { JsonMap, Mount } from "../compose/application.ts";
import type { Deployment } from "./deployment.ts";
import { namesOf } from "./names.ts";
import { settingsOf } from "./ports.ts";
import { composeText } from "../render/yaml.ts";
import { secretPath } from "./secret-file.ts";

/** What a service mounts on the server, without what the stack drops. */
export function mountsOf(deployment: Deployment, service: string): readonly Mount[] {
  const { drop } = settingsOf(deployment, service);
  return (deployment.application.services[service]?.mounts ?? []).filter(({ target }) => !drop.includes(target));
}

/** By target: the delivered files and folders that a service mounts. */
export function mountedFiles(deployment: Deployment, service: string): Record<string, string> {
  const files = mountsOf(deployment, service).flatMap((mount) =>
    mount.type === "file" ? [[mount.target, mount.source] as const] : [],
  );
  return Object.fromEntries(files);
}

/** The named volumes that these services mount, as top-level `volumes` of a compose file: they are there already. */
export function externalVolumes(deployment: Deployment, services: readonly string[]): JsonMap {
  const names = namesOf(deployment).volumes;
  const mounted = services
    .flatMap((service) => mountsOf(deployment, service))
    .flatMap((mount) => (mount.type === "volume" && mount.source !== undefined ? [mount.source] : []));
  return Object.fromEntries(mounted.map((volume) => [volume, { external: true, name: names[volume] ?? volume }]));
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
