import type { VersionNeed } from "../facts/versions.ts";
import { mapOf } from "../json.ts";
import type { StackService } from "../stack/service.ts";

type Use = Omit<VersionNeed, "path">;

/**
 * Keys of a health check that newer versions know. Older ones refuse the file, or ignore the key. What no server runs,
 * such as `models`, is refused elsewhere.
 */
const healthKeys: Readonly<Record<string, Use>> = {
  start_interval: { what: "has an interval of its own for the start", program: "Docker Engine", since: "25" },
};

/** The same for the keys of a service's place in a network. */
const attachmentKeys: Readonly<Record<string, readonly Use[]>> = {
  interface_name: [
    { what: "names an interface", program: "Docker Compose", since: "2.36" },
    { what: "names an interface", program: "Docker Engine", since: "28.1" },
  ],
  gw_priority: [
    { what: "has a priority for the gateway", program: "Docker Compose", since: "2.33" },
    { what: "has a priority for the gateway", program: "Docker Engine", since: "28" },
  ],
};

/** The same for the options of a mounted volume. An older engine mounts the whole volume without a word (tried). */
const mountOptions: Readonly<Record<string, Use>> = {
  subpath: { what: "mounts a part of a volume", program: "Docker Engine", since: "26" },
  labels: { what: "labels a volume that it mounts", program: "Docker Compose", since: "2.35" },
};

/** What a service uses that not every version of the engine and of Compose knows. */
export function versionNeeds({ name, compose, mounts }: StackService): VersionNeed[] {
  const path = `compose.services.${name}`;
  const attachments = Object.entries(compose.networks);
  return [
    ...usesOf(healthKeys, mapOf(compose.fields["healthcheck"])).map(([key, use]) => {
      return { path: `${path}.healthcheck.${key}`, ...use };
    }),
    ...attachments.flatMap(([network, { fields }]) =>
      usesOf(attachmentKeys, fields).flatMap(([key, uses]) =>
        uses.map((use) => ({ path: `${path}.networks.${network}.${key}`, ...use })),
      ),
    ),
    ...mounts.flatMap((mount) =>
      usesOf(mountOptions, mount.type === "volume" ? (mount.options ?? {}) : {}).map(([, use]) => {
        return { path: `${path}.volumes`, ...use };
      }),
    ),
  ];
}

function usesOf<Value>(known: Readonly<Record<string, Value>>, fields: object): [string, Value][] {
  return Object.entries(known).filter(([key]) => Object.hasOwn(fields, key));
}
