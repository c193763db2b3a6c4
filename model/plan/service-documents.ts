import type { Document, DocumentMap } from "../document/document.ts";
import type { Deployment } from "../stack/deployment.ts";
import { fileMap } from "./documents.ts";
import { namesOf } from "../stack/names.ts";
import { secretMap } from "../stack/secrets.ts";
import type { RenderedColour, RenderedMigration, RenderedProject, RenderedService } from "../render/rendered.ts";
import type { SecretFile } from "../stack/secret-file.ts";
import type { DataVolume } from "../stack/volumes.ts";

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

/** One compose project: the shared services, or the proxy. `written` tells which document wrote a mounted file last. */
export function composeDocument(
  resource: "shared" | "proxy",
  rendered: RenderedProject,
  deployment: Deployment,
  written: (path: string) => string,
): Document {
  const services = Object.entries(rendered.services).map(([name, service]): [string, DocumentMap] => [
    name,
    serviceBody(service, deployment, written),
  ]);
  const body = {
    directory: rendered.directory,
    project: rendered.project,
    compose: Buffer.from(rendered.compose),
    services: Object.fromEntries(services),
    ...(resource === "shared" ? { env: namesOf(deployment).envFiles.shared } : { files: fileMap(rendered.files) }),
  };
  return { kind: "compose", resource, body };
}

function serviceBody(service: RenderedService, deployment: Deployment, written: (path: string) => string): DocumentMap {
  const files = Object.entries(service.mounts).map(([target, path]): [string, string] => [target, written(path)]);
  // Of a secret file, which is written anew exactly when its value changes.
  const secrets = Object.entries(service.secrets).map(([target, variable]): [string, string] => [
    target,
    deployment.variables[variable] ?? "",
  ]);
  return {
    image: service.image,
    deadline: String(service.deadline),
    mounts: Object.fromEntries([...files, ...secrets]),
    variables: fingerprints(service.variables, deployment),
    volumes: service.volumes,
  };
}

/** The release's migration. No fingerprint of a variable stands in it: another password is no reason to migrate again. */
export function migrationDocument({ release }: Deployment, rendered: RenderedMigration): Document {
  const { directory, project, service, image, deadline, compose, files, secrets } = rendered;
  const body = {
    directory,
    project,
    release: release?.version ?? "none",
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

/** The release, as the server brings it up in one of two colours. */
export function rolloutDocument(deployment: Deployment, rendered: RenderedColour): Document {
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
  const used = Object.values(rendered.services).flatMap(({ variables }) => variables);
  const body = {
    directory: deployment.directory,
    project: deployment.project,
    release: deployment.release?.version ?? "none",
    compose: Buffer.from(rendered.compose),
    routes: Buffer.from(rendered.routes),
    env: { staged: "env", entries: fingerprints(used, deployment) },
    files: fileMap(rendered.files),
    ...secretBody(rendered.secrets),
    services: Object.fromEntries(services),
  };
  return { kind: "rollout", resource: "release", body };
}

/** A document without secret files is the same as before there were any. */
function secretBody(secrets: Readonly<Record<string, SecretFile>>): DocumentMap {
  return Object.keys(secrets).length === 0 ? {} : { secrets: secretMap(secrets) };
}

/** Of the variables that somebody uses, those that the env file has. */
function fingerprints(names: readonly string[], { variables }: Deployment): Record<string, string> {
  const known = names.flatMap((name): [string, string][] => {
    const fingerprint = variables[name];
    return fingerprint === undefined ? [] : [[name, fingerprint]];
  });
  return Object.fromEntries(known);
}
