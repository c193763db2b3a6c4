import { listOf, mapOf, type JsonMap } from "../json.ts";
import { envFileAt } from "../stack/env/env-files.ts";
import { restartOfDeploy } from "../stack/start/job.ts";
import type { Place } from "../stack/names.ts";
import type { StackService } from "../stack/service.ts";
import { loggingOf } from "../compose/logging.ts";
import { mountedFiles, mountedSecrets, mountEntry } from "./mounts.ts";
import { replicasOf } from "../compose/replicas.ts";
import { containerNameField } from "../container-name.ts";
import type { RenderedService } from "./rendered.ts";
import { escapeForCompose } from "./yaml.ts";

/** The fields of all services, also of the proxy: they run only pulled images, and their logs cannot fill the disk. */
export function commonFields(image: string, memory: number | undefined): JsonMap {
  return {
    image,
    pull_policy: "never",
    logging: loggingOf({}),
    ...(memory === undefined ? {} : { mem_limit: memory }),
  };
}

/** The fields of a developers' service, except for networks, ports and dependencies, which depend on its part. */
export function serviceFields(service: StackService, place: Place): JsonMap {
  const { compose, settings, image, mounts, envFiles } = service;
  const { memory } = settings;
  const volumes = mounts.map((mount) => mountEntry(mount, place.directory));
  return {
    ...restartFields(service, memory === undefined ? compose.fields : withoutMemory(compose.fields)),
    ...commonFields(image, memory),
    logging: loggingOf(compose.fields),
    ...containerNameField(service.container, replicasOf(compose.fields)),
    ...securityField(service),
    ...(envFiles.length > 0 ? { env_file: envFiles.map((file) => escapeForCompose(envFileAt(file, place))) } : {}),
    ...(volumes.length > 0 ? { volumes } : {}),
  };
}

/** Compose follows the policy below `deploy` rather than `restart`, so it stays only where it says the same. */
function restartFields({ restart, compose }: StackService, fields: JsonMap): JsonMap {
  const { restart_policy: policy, ...others } = mapOf(fields["deploy"]);
  if (policy === undefined) return { ...fields, restart };
  if (restartOfDeploy(fields) === restart)
    return { ...fields, ...(compose.restart !== undefined && { restart: compose.restart }) };
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "deploy"));
  return { ...rest, ...(Object.keys(others).length > 0 && { deploy: others }), restart };
}

/** Compose on the server reads the delivered profiles, from the folder of its compose file. */
function securityField({ compose: { fields, seccompProfiles = [] } }: StackService): JsonMap {
  if (seccompProfiles.length === 0) return {};
  const options = listOf(fields["security_opt"]).map((option) => {
    const profile = seccompProfiles.find((one) => one.option === option);
    return profile === undefined ? option : escapeForCompose(`seccomp:./${profile.path}`);
  });
  return { security_opt: options };
}

/** The facts of a service that the server needs besides its compose file. */
export function serviceFacts({
  image,
  settings,
  variables,
  defaults,
  mounts,
  borrowed,
  volumes,
  job,
}: StackService): RenderedService {
  return {
    image,
    deadline: settings.boot,
    ...(job !== undefined && { job }),
    ...{ variables, defaults },
    mounts: mountedFiles([...borrowed, ...mounts]),
    secrets: mountedSecrets([...borrowed, ...mounts]),
    volumes: Object.fromEntries(volumes.map(({ volume, data }) => [volume, data])),
  };
}

/** The field `volumes_from`; `rename` gives the names of services in the compose file. */
export function volumesFromField({ compose }: StackService, rename: (service: string) => string): JsonMap {
  const entries = (compose.volumesFrom ?? []).map(
    ({ service, readOnly }) => `${rename(service)}${readOnly ? ":ro" : ""}`,
  );
  return entries.length === 0 ? {} : { volumes_from: entries };
}

/** The field `depends_on` with the services of the same part; `rename` gives their names in the compose file. */
export function dependsOnField(
  { compose }: StackService,
  part: readonly StackService[],
  rename: (service: string) => string,
): JsonMap {
  const entries = Object.entries(compose.dependsOn)
    .filter(([service]) => part.some(({ name }) => name === service))
    .map(([service, { condition, required, restart = false }]): [string, JsonMap] => [
      rename(service),
      { condition, ...(required ? {} : { required }), ...(restart && { restart }) },
    ]);
  return entries.length === 0 ? {} : { depends_on: Object.fromEntries(entries) };
}

/** The field `links` with the services of the same part; a link to one of another part is a name in its networks. */
export function linksField(
  { compose: { links = {} } }: StackService,
  part: readonly StackService[],
  rename: (service: string) => string,
): JsonMap {
  const own = Object.entries(links).filter(([, target]) => part.some(({ name }) => name === target));
  return own.length === 0 ? {} : { links: own.map(([alias, target]) => `${rename(target)}:${alias}`) };
}

/** Removes the limit in `deploy`, since Compose refuses it together with `mem_limit`. */
function withoutMemory(fields: JsonMap): JsonMap {
  const deploy = mapOf(fields["deploy"]);
  const resources = mapOf(deploy["resources"]);
  const limits = mapOf(resources["limits"]);
  if (limits["memory"] === undefined) return fields;
  const kept = Object.fromEntries(Object.entries(limits).filter(([name]) => name !== "memory"));
  return { ...fields, deploy: { ...deploy, resources: { ...resources, limits: kept } } };
}
