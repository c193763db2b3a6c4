import type { Json, JsonMap } from "../../model/json.ts";

/** The keys of a service: of one that is released, or of a shared one that ends. */
export type ProposedService = ReleasedService | { readonly job: true };

interface ReleasedService {
  readonly release: true;
  readonly port?: number;
  readonly health?: string;
  readonly drop?: readonly string[];
}

/** The configuration of a stack, as far as its files tell. A key that would have its default is not in it. */
export interface ProposedKeys {
  readonly compose: readonly string[] | undefined;
  readonly services: Readonly<Record<string, ProposedService>>;
  readonly migrations: readonly string[];
  /** Data folders, as the compose file mounts them. */
  readonly folders: readonly string[];
  /** Limits of delivered files, as sizes in words. */
  readonly files: Readonly<Partial<Record<"limit" | "total", string>>>;
  /** By service: a place on the server, or a map of places. */
  readonly ports: Readonly<Record<string, Json>>;
  /** Names of variables that need a value, which is not known. */
  readonly variables: readonly string[];
  /** The same for those that are secret. */
  readonly secrets: readonly string[];
}

/** Keys of the server, whose values only its owner knows: variables of the environment until somebody writes them. */
export const hostKeys = { address: "${SERVER_HOST}", user: "${SERVER_USER}", hostKey: "${SERVER_HOST_KEY}" };

/** The keys of the application, which are equal in every environment. */
export function applicationKeys({ compose, services, migrations, folders, files }: ProposedKeys): JsonMap {
  const [first, ...more] = migrations;
  return withoutEmpty({
    compose: compose?.length === 1 ? (compose[0] ?? "") : [...(compose ?? [])],
    services: Object.fromEntries(Object.entries(services).map(([name, service]) => [name, serviceKeys(service)])),
    migration: first === undefined ? {} : { service: more.length === 0 ? first : [...migrations] },
    folders: Object.fromEntries(folders.map((folder) => [folderKey(folder), {}])),
    files: { ...files },
  });
}

/** The keys of one environment: `name` is that of its project and folder, and `value` that of its variables. */
export function environmentKeys(
  { ports, variables }: ProposedKeys,
  { name, value }: { readonly name: string; readonly value: string },
): JsonMap {
  return withoutEmpty({
    host: hostKeys,
    directory: `/opt/${name}`,
    project: name,
    ports,
    variables: Object.fromEntries(variables.map((variable) => [variable, value])),
  });
}

function serviceKeys(service: ProposedService): JsonMap {
  if ("job" in service) return { job: true };
  const { release, port, health, drop } = service;
  return {
    release,
    ...(port !== undefined && { port }),
    ...(health !== undefined && { health }),
    ...(drop !== undefined && { drop: [...drop] }),
  };
}

/** A folder as people write it. */
function folderKey(folder: string): string {
  return /^(\/|~|\.\.?\/)/.test(folder) ? folder : `./${folder}`;
}

function withoutEmpty(keys: JsonMap): JsonMap {
  const isEmpty = (value: Json): boolean =>
    value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => !isEmpty(value)));
}
