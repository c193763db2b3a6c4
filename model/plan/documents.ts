import type { Document, DocumentMap } from "../document/document.ts";
import type { Claim } from "../facts/claim.ts";
import type { RenderedFile, RenderedProject } from "../render/rendered.ts";
import { envFileMode, stackEnvFile } from "../env-folder.ts";
import { isOfStack, stagedEnvFile } from "../stack/env/env-files.ts";
import { proxyName } from "../proxy.ts";
import { stagedAs, type SecretFile } from "../stack/secrets.ts";
import { usualKeep, type KeepRule } from "../facts/images/retention.ts";
import type { StackService } from "../stack/service.ts";
import type { Stack } from "../stack/stack.ts";

/** The claim of the stack on a server; only that of a protected stack has the field `protected`. */
export function claimDocument(claim: Claim): Document {
  const { adopts, containers, directory, memory, networks, ports, projects, subnets, volumes } = claim;
  const body = {
    containers,
    directory,
    networks,
    ports,
    projects,
    volumes,
    ...subnetMap(subnets),
    ...memoryMap(memory),
    ...(adopts !== undefined && { adopts }),
    ...(claim.protected && { protected: "true" }),
  };
  return { kind: "claim", resource: "claim", body };
}

/** A stack without any limit claims no memory. */
function memoryMap({ parts, reserve, overcommit }: Claim["memory"]): DocumentMap {
  if (Object.keys(parts).length === 0) return {};
  const bytes = Object.fromEntries(Object.entries(parts).map(([part, needed]) => [part, String(needed)]));
  return { memory: { parts: bytes, reserve: String(reserve), ...(overcommit !== undefined && { overcommit }) } };
}

/** Most stacks name no subnet. */
function subnetMap(subnets: Claim["subnets"]): DocumentMap {
  return Object.keys(subnets).length === 0 ? {} : { subnets };
}

/**
 * The hand-made compose project whose place the stack takes; undefined where it takes none. If the stack has the same
 * project, Compose replaces the containers of shared services in place.
 */
export function adoptionDocument(
  { project, adopt }: Pick<Stack, "project" | "adopt">,
  services: readonly Pick<StackService, "name" | "part">[],
): Document | undefined {
  if (adopt.project === undefined) return undefined;
  const shared = adopt.project === project ? services.filter(({ part }) => part === "shared") : [];
  const body = {
    project: adopt.project,
    ...(shared.length > 0 && { replaced: Object.fromEntries(shared.map(({ name }) => [name, project])) }),
    ...(adopt.done && { done: "true" }),
  };
  return { kind: "adoption", resource: "adoption", body };
}

/** The stack's own folder, which only root may read. */
export function directoryDocument(path: string): Document {
  return { kind: "directory", resource: "directory", body: { path, owner: "root", mode: "0750" } };
}

/** Every image that the stack runs, by digest, with the services that run it. */
export function imagesDocument(
  services: readonly Pick<StackService, "name" | "image">[],
  proxy: string | undefined,
  keep: KeepRule = usualKeep,
): Document {
  const ofProxy = proxy === undefined ? [] : [{ name: proxyName, image: proxy }];
  const users = Map.groupBy([...services, ...ofProxy], ({ image }) => image);
  const entries = Array.from(users, ([image, using]) => [image, sortedNames(using).join(" ")] as const);
  const images = Object.fromEntries(entries);
  return { kind: "images", resource: "images", body: { images, ...keepBody(keep) } };
}

/** The usual rule needs no words. */
function keepBody({ releases, disk }: KeepRule): DocumentMap {
  if (releases === usualKeep.releases && disk === undefined) return {};
  return { keep: { releases: String(releases), ...(disk !== undefined && { disk: String(disk) }) } };
}

function sortedNames(services: readonly Pick<StackService, "name">[]): string[] {
  return services.map(({ name }) => name).sort();
}

/** The files of the repository that shared services mount. */
export function filesDocument(directory: string, files: Readonly<Record<string, RenderedFile>>): Document {
  return { kind: "files", resource: "files", body: { directory, files: fileMap(files) } };
}

/** The env files and the secret files of shared services, with fingerprints. The session brings the values. */
export function secretsDocument(
  { directory, variables }: Pick<Stack, "directory" | "variables">,
  { envFiles, secrets }: Pick<RenderedProject, "envFiles" | "secrets">,
): Document {
  const ofStack = Object.fromEntries(Object.entries(variables).filter(([name]) => isOfStack(name)));
  const env = Object.entries({ [stackEnvFile]: ofStack, ...envEntries(envFiles, variables) }).map(
    ([path, entries]): [string, DocumentMap] => [
      path,
      { mode: envFileMode, owner: "root", staged: stagedEnvFile(path), entries },
    ],
  );
  const files = Object.entries(secretMap(secrets)).map(([path, file]): [string, DocumentMap] => {
    const variable = secrets[path]?.variable ?? "";
    return [path, { ...file, entries: { [variable]: variables[variable] ?? "" } }];
  });
  const body = { directory, files: { ...Object.fromEntries(env), ...Object.fromEntries(files) } };
  return { kind: "secrets", resource: "secrets", body };
}

/** The fingerprints of the variables in each env file, by path. */
export function envEntries(
  envFiles: RenderedProject["envFiles"],
  variables: Stack["variables"],
): Record<string, Record<string, string>> {
  const entries = Object.entries(envFiles).map(([path, names]): [string, Record<string, string>] => {
    const set = Object.values(names).filter((variable) => Object.hasOwn(variables, variable));
    return [path, Object.fromEntries(set.map((variable) => [variable, variables[variable] ?? ""]))];
  });
  return Object.fromEntries(entries);
}

/** Delivered files in the form of a document. */
export function fileMap(files: Readonly<Record<string, RenderedFile>>): DocumentMap {
  return Object.fromEntries(Object.entries(files).map(([path, { mode, content }]) => [path, { mode, content }]));
}

/** Secret files in the form of a document: their owners, and the names under which the session brings their bytes. */
export function secretMap(secrets: Readonly<Record<string, SecretFile>>): Record<string, DocumentMap> {
  return Object.fromEntries(
    Object.entries(secrets).map(([path, { owner, variable, mode }]) => [
      path,
      { mode, owner, staged: stagedAs(variable) },
    ]),
  );
}
