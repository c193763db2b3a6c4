import type { Mount } from "../compose/application.ts";
import type { JsonMap } from "../json.ts";
import { isFolder } from "../data-place.ts";
import { secretPath } from "../stack/secrets.ts";
import type { StackService } from "../stack/service.ts";
import { escapeForCompose } from "./yaml.ts";

/** The properties of a bind mount. */
interface BindOptions {
  readonly readOnly: boolean;
  /**
   * Docker creates a missing folder.
   *
   * @default false
   */
  readonly create?: boolean;
  /** All others, as the compose file has them. */
  readonly others?: JsonMap | undefined;
}

/** The delivered files and folders of mounts, by target. */
export function mountedFiles(mounts: readonly Mount[]): Record<string, string> {
  return Object.fromEntries(mounts.flatMap((mount) => (mount.type === "file" ? [[mount.target, mount.source]] : [])));
}

/** The variables of mounted secret files, by target. */
export function mountedSecrets(mounts: readonly Mount[]): Record<string, string> {
  return Object.fromEntries(
    mounts.flatMap((mount) => (mount.type === "secret" ? [[mount.target, mount.variable]] : [])),
  );
}

/** The named volumes of services as top-level `volumes`: external, since slipway creates them before. */
export function externalVolumes(services: readonly Pick<StackService, "volumes">[]): JsonMap {
  const mounted = services.flatMap(({ volumes }) => volumes).filter(({ volume }) => !isFolder(volume));
  return Object.fromEntries(mounted.map(({ name, volume }) => [name, { external: true, name: volume }]));
}

/** One entry of a service's `volumes`; `directory` is the folder of the delivered files. */
export function mountEntry(mount: Mount, directory: string): JsonMap {
  const target = escapeForCompose(mount.target);
  switch (mount.type) {
    case "tmpfs":
      return { type: "tmpfs", target, ...(mount.options !== undefined && { tmpfs: mount.options }) };
    case "volume":
      return {
        ...{ type: "volume", target, ...sourceOf(mount.source), ...readOnly(mount) },
        ...(mount.options !== undefined && { volume: mount.options }),
        ...(mount.bind !== undefined && { bind: mount.bind }),
      };
    case "folder": // Its guard makes a data folder once, and stops the run where it is lost.
      if (mount.path === undefined) throw new Error(`the folder '${mount.source}' has no place, and was not refused`);
      return bindEntry(mount.path, mount.target, { readOnly: mount.readOnly, others: mount.options });
    case "file": // A delivered file is there before the service: Docker never makes a folder in its place.
      return bindEntry(`${directory}/${mount.source}`, mount.target, {
        readOnly: mount.readOnly,
        others: mount.options,
      });
    case "secret": // Compose's own `secrets` would ignore owner and mode of a file.
      return bindEntry(`${directory}/${secretPath(mount)}`, mount.target, { readOnly: true });
    case "host": // Where the file says nothing, the server's Compose decides whether a missing folder is made.
      return {
        ...{ type: "bind", source: escapeForCompose(mount.source), target, ...readOnly(mount) },
        ...(mount.options !== undefined && { bind: mount.options }),
      };
  }
}

/**
 * A file or folder that slipway brings as an entry of a service's `volumes`. Unless it is to be created, Docker refuses
 * one that is missing instead of creating a folder with its name.
 */
export function bindEntry(source: string, target: string, options: BindOptions): JsonMap {
  return {
    type: "bind",
    source: escapeForCompose(source),
    target: escapeForCompose(target),
    bind: { ...options.others, create_host_path: options.create ?? false },
    ...readOnly(options),
  };
}

function sourceOf(source: string | undefined): JsonMap {
  return source === undefined ? {} : { source };
}

function readOnly({ readOnly }: { readonly readOnly: boolean }): JsonMap {
  return readOnly ? { read_only: true } : {};
}
