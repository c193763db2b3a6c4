import { Buffer } from "node:buffer";
import type { Document, DocumentMap } from "../document/document.ts";
import { wordFor } from "../data-place.ts";
import { stackEnvFile } from "../env-folder.ts";
import { documentHash } from "../document/writer.ts";
import type {
  RenderedEntryPoint,
  RenderedMigration,
  RenderedProject,
  RenderedRelease,
  RenderedReleaseService,
  RenderedService,
} from "../render/rendered.ts";
import type { HealthCheck, RolloutSettings } from "../stack/deployment.ts";
import { isOfStack, stagedEnvFile } from "../stack/env/env-files.ts";
import { envFileOf, type Place } from "../stack/names.ts";
import type { SecretFile } from "../stack/secrets.ts";
import { saidBuildArguments, saidSchema, type Release } from "../stack/release.ts";
import type { Stack } from "../stack/stack.ts";
import type { DataVolume } from "../stack/service.ts";
import { envEntries, fileMap, secretMap } from "./documents.ts";
import { environmentFingerprints, fingerprintsOf } from "./fingerprints.ts";
import { joinsMap } from "./networks-document.ts";

type Fingerprints = Stack["variables"];

/** The guard of a data volume or folder; `adopt` is the state that is accepted in place of the data that it held. */
export function volumeDocument(data: DataVolume, adopt?: string): Document {
  const { name, volume, service, cluster, major, external, making } = data;
  const body = {
    volume,
    service,
    data: data.data,
    ...(cluster !== undefined && { cluster }),
    ...(major !== undefined && { major }),
    ...(external === true && { external: "true" }),
    ...(making !== undefined && { making: { ...making } }),
    ...(adopt !== undefined && { adopt }),
  };
  return { kind: "volume", resource: `${wordFor(volume)}-${name}`, body };
}

/** The facts of shared services besides their rendered files. */
interface SharedFacts {
  readonly variables: Fingerprints;
  /** The number of the document that wrote a mounted file last. */
  readonly written: (path: string) => string;
  /** The names of the project's services that start before the release, and after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The shared services that start before the release. */
export function sharedDocument(rendered: RenderedProject, { after, ...facts }: SharedFacts): Document {
  const body = { ...sharedBody(rendered, facts), ...beside(after, "after") };
  return { kind: "compose", resource: "shared", body };
}

/** The shared services that start after the release. */
export function afterDocument(rendered: RenderedProject, { before, ...facts }: SharedFacts): Document {
  const body = { ...sharedBody(rendered, facts), after: "release", ...beside(before, "before") };
  return { kind: "compose", resource: "shared-after", body };
}

function sharedBody(
  rendered: RenderedProject,
  { variables, written }: Pick<SharedFacts, "variables" | "written">,
): DocumentMap {
  return { ...projectBody(rendered, variables, written), env: envFileOf(rendered) };
}

/** The services of the same project that the other document starts; this one leaves them alone. */
function beside(services: readonly string[], when: "before" | "after"): DocumentMap {
  return services.length === 0 ? {} : { beside: Object.fromEntries(services.map((name) => [name, when])) };
}

/** The proxy with its configuration files. */
export function proxyDocument(rendered: RenderedProject): Document {
  const files = fileMap(rendered.files);
  return { kind: "compose", resource: "proxy", body: { ...projectBody(rendered, {}, () => ""), files } };
}

function projectBody(
  { directory, project, compose, services, joins = {} }: RenderedProject,
  variables: Fingerprints,
  written: (path: string) => string,
): DocumentMap {
  const bodies = Object.entries(services).map(([name, service]): [string, DocumentMap] => [
    name,
    serviceBody(service, variables, written),
  ]);
  const body = { directory, project, compose: Buffer.from(compose), services: Object.fromEntries(bodies) };
  const joined = joinsMap(joins);
  return Object.keys(joined).length === 0 ? body : { ...body, joins: joined };
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
    ...(service.job !== undefined && { job: service.job }),
    mounts: Object.fromEntries([...files, ...secrets]),
    variables: environmentFingerprints(service, variables),
    volumes: service.volumes,
  };
}

/** A migration. It holds no fingerprints of variables: another password is no reason to migrate again. */
export function migrationDocument(rendered: RenderedMigration, release: Release): Document {
  const { directory, project, service, image, deadline, compose, files, envFiles, secrets } = rendered;
  const env = [stackEnvFile, ...Object.keys(envFiles)].map((path) => [path, { staged: stagedEnvFile(path) }] as const);
  const body = {
    directory,
    project,
    release: release.version,
    ...saidSchema(release),
    service,
    image,
    deadline: String(deadline),
    compose: Buffer.from(compose),
    env: Object.fromEntries(env),
    files: fileMap(files),
    ...secretBody(secrets),
  };
  return { kind: "migration", resource: `migration-${service}`, body };
}

/** The facts of a rollout besides its rendered files. */
interface Rollout extends Place {
  readonly release: Release;
  readonly variables: Fingerprints;
  readonly settings: RolloutSettings;
}

/** The release, which the server starts in one of two colours. */
export function rolloutDocument(
  { directory, project, release, variables, settings }: Rollout,
  rendered: RenderedRelease,
): Document {
  const services = Object.entries(rendered.services).map(([name, service]): [string, DocumentMap] => [
    name,
    releaseBody(service, settings),
  ]);
  const memory = Object.values(rendered.services).reduce((sum, service) => sum + service.memory, 0);
  const used = Object.values(rendered.services).flatMap((service) => service.variables.filter(isOfStack));
  const entries = { [stackEnvFile]: fingerprintsOf(used, variables), ...envEntries(rendered.envFiles, variables) };
  const env = Object.entries(entries).map(
    ([path, ofFile]) => [path, { staged: stagedEnvFile(path), entries: ofFile }] as const,
  );
  const colour = {
    ...{ directory, project },
    release: release.version,
    compose: Buffer.from(rendered.compose),
    routes: Buffer.from(rendered.routes),
    env: Object.fromEntries(env),
    files: fileMap(rendered.files),
    ...secretBody(rendered.secrets),
  };
  const body = {
    ...colour,
    ...saidInRelease(release),
    made: documentHash({ kind: "rollout", resource: "rollout", body: colour }),
    services: Object.fromEntries(services),
    entryPoints: Object.fromEntries(
      Object.entries(rendered.entryPoints).map(([name, entryPoint]) => [name, entryPointBody(entryPoint)]),
    ),
    ...(settings.strategy === "recreate" && { strategy: "recreate" }),
    watch: String(settings.watch),
    ...(memory > 0 && { memory: String(memory) }),
  };
  return { kind: "rollout", resource: "rollout", body };
}

/** What the release document says beside version and images. It is no part of what a colour is made of. */
function saidInRelease({ commit, schema, buildArguments }: Release): DocumentMap {
  return {
    ...(commit !== undefined && { commit }),
    ...saidSchema({ schema }),
    ...saidBuildArguments({ buildArguments }),
  };
}

function releaseBody(
  { image, deadline, job, port, opens = [], health, afterSwitch = false, volumes }: RenderedReleaseService,
  { gate }: RolloutSettings,
): DocumentMap {
  return {
    image,
    deadline: String(deadline),
    ...(job !== undefined && { job }),
    ...(port !== undefined && { port: String(port) }),
    ...(opens.length > 0 && { opens: Object.fromEntries(opens.map((one) => [String(one), "tcp"])) }),
    ...(health !== undefined && { health: healthBody(health) }),
    ...(afterSwitch && { start: "after switch" }),
    gate: { answers: String(gate.answers), seconds: String(gate.seconds), interval: String(gate.interval) },
    volumes,
  };
}

function healthBody({ path, status, headers = {} }: HealthCheck): DocumentMap {
  return {
    path,
    ...(status !== undefined && { status: String(status) }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

function entryPointBody({ service, speaks, port, address, network }: RenderedEntryPoint): DocumentMap {
  return {
    service,
    speaks,
    port: String(port),
    ...(address !== undefined && { address }),
    ...(network !== undefined && { network }),
  };
}

/** The facts of a release's last step. */
interface Confirmation extends Place {
  readonly release: Pick<Release, "version" | "commit">;
  /** Hash of the rollout document. */
  readonly rollout: string;
  /** By service, the proxy's as `slipway-proxy`. */
  readonly images: Readonly<Record<string, string>>;
  readonly warm: RolloutSettings["warm"];
}

/** The last step of a release: the server records it as verified, with the images of the whole stack. */
export function confirmDocument({ directory, project, release, rollout, images, warm }: Confirmation): Document {
  const { version, commit } = release;
  const body = { directory, project, release: version, rollout, images, ...(commit !== undefined && { commit }), warm };
  return { kind: "confirm", resource: "confirm", body };
}

/** The secret files; a document without any has no such field. */
function secretBody(secrets: Readonly<Record<string, SecretFile>>): DocumentMap {
  return Object.keys(secrets).length === 0 ? {} : { secrets: secretMap(secrets) };
}
