import type { Document, DocumentMap } from "../document/document.ts";
import type { Deployment } from "../stack/deployment.ts";
import { withMigration } from "../stack/migration.ts";
import { namesOf } from "../stack/names.ts";
import { portsOf } from "../stack/ports.ts";
import type { RenderedFile } from "../render/rendered.ts";
import { imageOf, proxyImageOf } from "../stack/images.ts";
import { secretMap } from "../stack/secrets.ts";
import type { SecretFile } from "../stack/secret-file.ts";
import { volumesOf } from "../stack/volumes.ts";

/** What the stack holds on its server, so that no other stack takes it. */
export function claimDocument(deployment: Deployment): Document {
  const { projects, networks } = namesOf(deployment);
  const ports = Object.fromEntries(portsOf(deployment).published.map(({ port, service }) => [String(port), service]));
  const volumes = Object.fromEntries(volumesOf(deployment).map(({ volume, service }) => [volume, service]));
  const body = {
    directory: deployment.directory,
    networks: { [networks.data]: "data", [networks.edge]: "edge" },
    ports,
    projects: {
      [projects.shared]: "shared",
      [projects.proxy]: "proxy",
      [projects.blue]: "blue",
      [projects.green]: "green",
      ...(deployment.migration !== undefined && { [projects.migration]: "migration" }),
    },
    volumes,
  };
  return { kind: "claim", resource: "claim", body };
}

/** The stack's own folder: root's, and readable by nobody else. */
export function directoryDocument({ directory }: Deployment): Document {
  return { kind: "directory", resource: "directory", body: { path: directory, owner: "root", mode: "0750" } };
}

/** Every image that the stack runs, by digest, with the services that run it. */
export function imagesDocument(deployment: Deployment): Document {
  const users = new Map<string, string[]>();
  const add = (image: string, service: string): void => void users.set(image, [...(users.get(image) ?? []), service]);
  const whole = withMigration(deployment);
  for (const service of Object.keys(whole.application.services)) add(imageOf(whole, service), service);
  add(proxyImageOf(deployment), "@proxy");
  const images = Object.fromEntries([...users].map(([image, services]) => [image, services.sort().join(" ")]));
  return { kind: "images", resource: "images", body: { images } };
}

/** The files of the repository that shared services mount. */
export function filesDocument(deployment: Deployment, files: Readonly<Record<string, RenderedFile>>): Document {
  const body = { directory: deployment.directory, files: fileMap(files) };
  return { kind: "files", resource: "files", body };
}

/** Names and fingerprints of the variables and of those that shared services have as files; their values come by the session. */
export function secretsDocument(
  { directory, variables }: Deployment,
  secrets: Readonly<Record<string, SecretFile>>,
): Document {
  const env = { mode: "0600", owner: "root", staged: "env", entries: variables };
  const files = Object.entries(secretMap(secrets)).map(([path, file]): [string, DocumentMap] => {
    const variable = secrets[path]?.variable ?? "";
    return [path, { ...file, entries: { [variable]: variables[variable] ?? "" } }];
  });
  const body = { directory, files: { ".env": env, ...Object.fromEntries(files) } };
  return { kind: "secrets", resource: "secrets", body };
}

/** The stack's networks between its compose projects. */
export function networksDocument(deployment: Deployment): Document {
  const { networks } = namesOf(deployment);
  return {
    kind: "networks",
    resource: "networks",
    body: { networks: { [networks.data]: "data", [networks.edge]: "edge" } },
  };
}

/** Delivered files as a document holds them. */
export function fileMap(files: Readonly<Record<string, RenderedFile>>): DocumentMap {
  return Object.fromEntries(Object.entries(files).map(([path, { mode, content }]) => [path, { mode, content }]));
}
