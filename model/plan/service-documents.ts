import { Buffer } from "node:buffer";
import type { Document, DocumentMap } from "../document/document.ts";
import type { RenderedRelease, RenderedMigration, RenderedProject, RenderedService } from "../render/rendered.ts";
import { envFileOf, type Place } from "../stack/names.ts";
import type { SecretFile } from "../stack/secrets.ts";
import type { Stack } from "../stack/stack.ts";
import type { DataVolume } from "../stack/service.ts";
import { fileMap, secretMap } from "./documents.ts";

type Fingerprints = Stack["variables"];

/** The guard of one data volume. */
export function volumeDocument({ name, volume, service, data, cluster, major }: DataVolume): Document {
  const body = {
    volume,
    service,
    data,
    ...(cluster !== undefined && { cluster }),
    ...(major !== undefined && { major }),
  };
  return { kind: "volume", resource: `volume-${name}`, body };
}

/** The shared services; `written` gives the number of the document that wrote a mounted file last. */
export function sharedDocument(
  rendered: RenderedProject,
  variables: Fingerprints,
  written: (path: string) => string,
): Document {
  const env = envFileOf(rendered);
  return { kind: "compose", resource: "shared", body: { ...projectBody(rendered, variables, written), env } };
}

/** The proxy with its configuration files. */
export function proxyDocument(rendered: RenderedProject): Document {
  const files = fileMap(rendered.files);
  return { kind: "compose", resource: "proxy", body: { ...projectBody(rendered, {}, () => ""), files } };
}

function projectBody(
  { directory, project, compose, services }: RenderedProject,
  variables: Fingerprints,
  written: (path: string) => string,
): DocumentMap {
  const bodies = Object.entries(services).map(([name, service]): [string, DocumentMap] => [
    name,
    serviceBody(service, variables, written),
  ]);
  return { directory, project, compose: Buffer.from(compose), services: Object.fromEntries(bodies) };
}

function serviceBody(
  service: RenderedService,
  variables: Fingerprints,
  written: (path: string) => string,
): DocumentMap {
  const files = Object.entries(service.mounts).map(([target, path]): [string, string] => [target, written(path)]);
  // A secret file is written again exactly when its value changes, so a fingerprint takes the place of a number.
  const secrets = Object.entries(service.secrets).map(([target, variable]): [string, string] => [
    target,
    variables[variable] ?? "",
  ]);
  return {
    image: service.image,
    deadline: String(service.deadline),
    mounts: Object.fromEntries([...files, ...secrets]),
    variables: fingerprintsOf(service.variables, variables),
    volumes: service.volumes,
  };
}

/** The release's migration. It holds no fingerprints of variables: another password is no reason to migrate again. */
export function migrationDocument(rendered: RenderedMigration, version: string): Document {
  const { directory, project, service, image, deadline, compose, files, secrets } = rendered;
  const body = {
    directory,
    project,
    release: version,
    service,
    image,
    deadline: String(deadline),
    compose: Buffer.from(compose),
    env: { staged: "env" },
    files: fileMap(files),
    ...secretBody(secrets),
  };
  return { kind: "migration", resource: "migration", body };
}

/** The facts of a rollout besides its rendered files. */
interface Rollout extends Place {
  readonly version: string;
  readonly variables: Fingerprints;
}

/** The release, which the server starts in one of two colours. */
export function rolloutDocument(
  { directory, project, version, variables }: Rollout,
  rendered: RenderedRelease,
): Document {
  const services = Object.entries(rendered.services).map(([name, service]): [string, DocumentMap] => [
    name,
    {
      image: service.image,
      deadline: String(service.deadline),
      ...(service.port !== undefined && { port: String(service.port) }),
      ...(service.health !== undefined && { health: service.health }),
      volumes: service.volumes,
    },
  ]);
  const used = Object.values(rendered.services).flatMap((service) => service.variables);
  const body = {
    ...{ directory, project },
    release: version,
    compose: Buffer.from(rendered.compose),
    routes: Buffer.from(rendered.routes),
    env: { staged: "env", entries: fingerprintsOf(used, variables) },
    files: fileMap(rendered.files),
    ...secretBody(rendered.secrets),
    services: Object.fromEntries(services),
  };
  return { kind: "rollout", resource: "rollout", body };
}

/** The secret files; a document without any has no such field. */
function secretBody(secrets: Readonly<Record<string, SecretFile>>): DocumentMap {
  return Object.keys(secrets).length === 0 ? {} : { secrets: secretMap(secrets) };
}

/** The fingerprints of the variables that services use and the env file has. */
function fingerprintsOf(names: readonly string[], variables: Fingerprints): Record<string, string> {
  const entries = names.flatMap((name): [string, string][] => {
    const fingerprint = variables[name];
    return fingerprint === undefined ? [] : [[name, fingerprint]];
  });
  return Object.fromEntries(entries);
}
