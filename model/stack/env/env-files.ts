import type { RepositoryEnvFile, Service } from "../../compose/application.ts";
import { envFolder, stackEnvFile, stagedStackEnvFile } from "../../env-folder.ts";
import { mapOf } from "../../json.ts";
import { shortSum } from "../../sum.ts";
import type { Deployment } from "../deployment.ts";
import { envFileOf, type Place } from "../names.ts";

/** An env file of a service on a server. Its path is from the folder of the service's compose file. */
export type ServiceEnvFile = DeliveredEnvFile | WrittenEnvFile;

/** An env file of the repository. */
interface DeliveredEnvFile {
  readonly from: "repository";
  readonly path: string;
  readonly content: Uint8Array;
}

/** An env file that the session writes. */
interface WrittenEnvFile {
  readonly from: "stack";
  readonly path: string;
  /** By name in the file: the stack's variable. */
  readonly entries: Readonly<Record<string, string>>;
}

/** Everything of a deployment that its env files are made of. */
export type EnvFacts = Pick<Deployment, "variables" | "envFiles">;

/** The env files of a service, and what it gets by them. */
export interface ServiceEnvironment {
  readonly envFiles: readonly ServiceEnvFile[];
  /** The stack's variables that it uses. Some may not be set. */
  readonly variables: readonly string[];
  /** By name: a sum of the value of each variable that an env file of the repository sets. */
  readonly defaults: Readonly<Record<string, string>>;
}

/**
 * The name of a variable that stands in an encrypted env file of its own, among the stack's variables: no variable of
 * the stack itself has a space in its name.
 */
export function variableOfFile(path: string, name: string): string {
  return `${path} ${name}`;
}

/** Tells the stack's own variables from those of encrypted env files of their own. */
export function isOfStack(variable: string): boolean {
  return !variable.includes(" ");
}

/** Derives the environment of a service. A later file counts more, and what the service itself sets counts most. */
export function environmentOf(service: Service, facts: EnvFacts): ServiceEnvironment {
  const files = service.envFiles.flatMap((file): (RepositoryEnvFile | WrittenEnvFile)[] =>
    file.from === "repository" ? [file] : writtenFiles(service.name, file.path, facts),
  );
  const counting = new Map<string, { readonly variable?: string; readonly sum?: string }>();
  for (const file of files) {
    if (file.from === "stack")
      for (const [name, variable] of Object.entries(file.entries)) counting.set(name, { variable });
    else for (const [name, sum] of Object.entries(sumsOf(file))) counting.set(name, { sum });
  }
  for (const name of Object.keys(mapOf(service.fields["environment"]))) counting.delete(name);
  const written = [...counting.values()].flatMap(({ variable }) => (variable === undefined ? [] : [variable]));
  const defaults = [...counting].flatMap(([name, { sum }]) => (sum === undefined ? [] : [[name, sum] as const]));
  return {
    envFiles: files.map((file) =>
      file.from === "stack" ? file : { from: file.from, path: pathOnServer(file.path), content: file.content },
    ),
    variables: [...new Set([...service.variables, ...written])],
    defaults: Object.fromEntries(defaults),
  };
}

/** The path of an env file on a server: no part of it leads out of the folder, and no two files have the same one. */
function pathOnServer(path: string): string {
  const parts = path.replaceAll("%", "%25").replace(/^\//, "%2F/").split("/");
  return [envFolder, ...parts.map((part) => (part === ".." ? "%2E%2E" : part))].join("/");
}

/**
 * The file that a service gets in the place of one that git does not have. Variables that only some services may get
 * stand in a file of their own behind it, so that services without such variables share one file.
 */
function writtenFiles(service: string, path: string, facts: EnvFacts): WrittenEnvFile[] {
  const { contents, only } = facts.envFiles;
  const all = Object.keys(facts.variables).filter(isOfStack);
  const named = new Set(Object.values(contents).flatMap((content) => Object.values(content)));
  const own = Object.hasOwn(contents, path) ? contents[path] : undefined;
  const said = own ?? Object.fromEntries(all.filter((name) => !named.has(name)).map((name) => [name, name]));
  const entries = Object.entries(said);
  const isShared = ([, variable]: readonly [string, string]): boolean => !Object.hasOwn(only, variable);
  const shared = entries.filter(isShared);
  const restricted = entries.filter((entry) => !isShared(entry) && only[entry[1]]?.includes(service) === true);
  const isWhole = shared.length === all.length && shared.every(([name, variable]) => name === variable);
  const files = [
    { path: isWhole ? stackEnvFile : pathOnServer(path), entries: shared },
    { path: `${pathOnServer(path)}%${service}`, entries: restricted },
  ];
  return files
    .filter((file, index) => index === 0 || file.entries.length > 0)
    .map((file) => ({ from: "stack", path: file.path, entries: Object.fromEntries(file.entries) }));
}

function sumsOf({ values }: Pick<RepositoryEnvFile, "values">): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shortSum(value)]));
}

/** The absolute path of an env file in the compose file of a part. */
export function envFileAt({ path }: ServiceEnvFile, place: Place): string {
  return path === stackEnvFile ? envFileOf(place) : `${place.directory}/${path}`;
}

/** The env files of services that the session writes, other than the stack's own, by path. */
export function writtenEnvFiles(
  services: readonly { readonly envFiles: readonly ServiceEnvFile[] }[],
): Record<string, WrittenEnvFile["entries"]> {
  const files = services
    .flatMap(({ envFiles }) => envFiles)
    .flatMap((file) =>
      file.from === "stack" && file.path !== stackEnvFile ? [[file.path, file.entries] as const] : [],
    );
  return Object.fromEntries(files);
}

/** The name under which a session brings the bytes of an env file. */
export function stagedEnvFile(path: string): string {
  return path === stackEnvFile ? stagedStackEnvFile : `env.${shortSum(path)}`;
}
