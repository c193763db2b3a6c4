import { booleanOf } from "../../compose/boolean.ts";
import { boundFolder, placeElsewhere } from "../../data-place.ts";
import type { DataVolume, ServiceBase } from "../service.ts";

/** Everything about mounts that is as under Compose, and that people may not expect. */
export function mountNotes(services: readonly ServiceBase[]): string[] {
  return services.flatMap((service) => [...madeByDocker(service), ...anonymousVolumes(service)]);
}

/** Where volumes lie that are not the engine's own. An option may hold a password, so `o` is not told. */
export function volumeNotes(volumes: readonly DataVolume[]): string[] {
  return volumes.flatMap(({ name, making = {}, external = false }) => {
    const [folder, elsewhere] = [boundFolder(making), placeElsewhere(making)];
    if (external || elsewhere === undefined) return [];
    const { driver = "local", options: { type = "none", device = "none" } = {} } = making;
    const made = `is made by the driver '${driver}' with type '${type}' and device '${device}', as under Compose`;
    return [`volumes.${name}: ${folder === undefined ? made : `is the folder ${folder} of the server`}`];
  });
}

/** Folders that are there on every server, with what only the server itself makes in them. */
const ofSystem = /^\/(?:$|(?:bin|boot|dev|lib|lib64|proc|run|sbin|sys|usr|var\/run)(?:\/|$)|var\/lib\/docker(?:\/|$))/;

const ofSettings = /^\/etc(?:\/|$)/;

/** What every server has of them, or nearly every one. */
const usualSettings =
  /^\/etc\/?$|^\/etc\/(?:localtime|timezone|hosts|hostname|passwd|group|resolv\.conf|machine-id|ssl|pki)(?:\/|$)/;

/** Docker makes a folder that is missing, and empty, also in the place of a file or of a lost disk. */
function madeByDocker({ name, mounts }: ServiceBase): string[] {
  const made = mounts
    .filter((mount) => mount.type === "host")
    .filter(({ options }) => booleanOf(options?.["create_host_path"]) !== false)
    .filter(({ source, readOnly }) => !ofSystem.test(source) && !isServers({ source, readOnly }));
  if (made.length === 0) return [];
  const paths = [...new Set(made.map(({ source }) => source))].join(", ");
  return [
    `${name}: Docker creates what is missing of ${paths} as empty folders, as Compose does; ` +
      "name a folder that holds data in `folders`, and a run stops if it is lost",
  ];
}

/** A container that only reads settings is meant to see those of the server. */
function isServers({ source, readOnly }: { readonly source: string; readonly readOnly: boolean }): boolean {
  return ofSettings.test(source) && (readOnly || usualSettings.test(source));
}

/** An anonymous volume belongs to one container. Compose passes it on when it recreates a container, and only then. */
function anonymousVolumes({ name, part, mounts }: ServiceBase): string[] {
  return mounts
    .filter((mount) => mount.type === "volume" && mount.source === undefined)
    .map(({ target }) =>
      part === "shared"
        ? `${name}: the anonymous volume at ${target} stays while Compose recreates the service; a container that is ` +
          "removed and made again gets a new one; give the volume a name if its data is to last"
        : `${name}: the anonymous volume at ${target} is a new one in each release, as the image has it; ` +
          "the one before stays on the server, unused",
    );
}
