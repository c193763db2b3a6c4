import type { Problem } from "../model/problem.ts";
import type { HostConfig } from "./schema.ts";

/** The name of the server in `host`. */
const onlyHost = "main";

/** The keys for the servers of a stack: one server in `host`, or servers by name in `hosts`. */
interface HostKeys {
  readonly host?: HostConfig | undefined;
  readonly hosts?: Readonly<Record<string, HostConfig>> | undefined;
}

/** A server with its path in the configuration. */
export interface ConfiguredHost extends HostConfig {
  readonly path: string;
}

/** The servers by name, from either key; empty if neither could be read. */
export function hostsOf({ host, hosts }: HostKeys): Readonly<Record<string, ConfiguredHost>> {
  if (host !== undefined) return { [onlyHost]: { ...host, path: "host" } };
  const named = Object.entries(hosts ?? {}).map(([name, keys]) => [name, { ...keys, path: `hosts.${name}` }] as const);
  return Object.fromEntries(named);
}

/** Requires exactly one server, in one of the two keys. Stacks with several servers are not supported yet. */
export function ensureOneHost(keys: Readonly<Record<string, unknown>>): Problem[] {
  const { host, hosts } = keys;
  if (host !== undefined && hosts !== undefined) {
    return [
      { path: "hosts", what: `is set as well as host, which is short for hosts.${onlyHost}`, todo: "keep one of them" },
    ];
  }
  if (host === undefined && hosts === undefined) {
    const todo = "set host.address, host.user and host.hostKey, or the same keys below hosts.<name>";
    return [{ path: "host", what: "is missing", todo }];
  }
  const names = typeof hosts === "object" && hosts !== null ? Object.keys(hosts) : undefined;
  if (names === undefined || names.length === 1) return [];
  if (names.length === 0) return [{ path: "hosts", what: "names no server", todo: "name one" }];
  const what = `names ${names.length} servers, got '${names.join(", ")}', and a stack is deployed to one for now`;
  return [{ path: "hosts", what, todo: "keep one of them, and give the others to stacks of their own" }];
}
