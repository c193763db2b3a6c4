import type { Json, JsonMap, Service } from "../compose/application.ts";
import type { Deployment } from "../stack/deployment.ts";
import { settingsOf } from "../stack/ports.ts";
import { imageOf } from "../stack/images.ts";
import { mountedFiles, mountEntry, mountsOf } from "../stack/mounts.ts";
import { secretsOf } from "../stack/secrets.ts";
import { composeText } from "./yaml.ts";
import type { RenderedService } from "./rendered.ts";
import { volumesOfService } from "../stack/volumes.ts";

/** What every service has, shared, released or the proxy: only images that were pulled before run, and no log fills the disk. */
export function commonFields(image: string, memory: number | undefined): JsonMap {
  return {
    image,
    pull_policy: "never",
    restart: "unless-stopped",
    logging: { driver: "json-file", options: { "max-file": "3", "max-size": "10m" } },
    ...(memory === undefined ? {} : { mem_limit: memory }),
  };
}

/** A service of the developers' compose file with everything but its networks, ports and dependencies, which its part of the stack decides. */
export function serviceFields(deployment: Deployment, name: string, directory: string, envFile: string): JsonMap {
  const service = serviceOf(deployment, name);
  const { memory } = settingsOf(deployment, name);
  const mounts = mountsOf(deployment, name).map((mount) => mountEntry(mount, directory));
  return {
    ...(memory === undefined ? service.fields : withoutMemory(service.fields)),
    ...commonFields(imageOf(deployment, name), memory),
    restart: restartOf(service),
    ...(service.wholeEnvironment ? { env_file: [composeText(envFile)] } : {}),
    ...(mounts.length > 0 ? { volumes: mounts } : {}),
  };
}

/** What the server must know of a service beside its compose file. */
export function serviceFacts(deployment: Deployment, name: string): RenderedService {
  const service = serviceOf(deployment, name);
  const { boot } = settingsOf(deployment, name);
  const secrets = secretsOf(deployment, name).map(({ target, variable }) => [target, variable] as const);
  const used = service.wholeEnvironment ? Object.keys(deployment.variables) : service.variables;
  const variables = new Set([...used, ...secrets.map(([, variable]) => variable)]);
  return {
    image: imageOf(deployment, name),
    deadline: boot,
    variables: [...variables].sort(),
    mounts: mountedFiles(deployment, name),
    secrets: Object.fromEntries(secrets),
    volumes: Object.fromEntries(volumesOfService(deployment, name).map(({ volume, data }) => [volume, data])),
  };
}

/** `depends_on` among the services that `among` names; `rename` gives their names in the compose file. */
export function dependencies(
  deployment: Deployment,
  name: string,
  among: readonly string[],
  rename: (service: string) => string,
): JsonMap {
  const entries = Object.entries(serviceOf(deployment, name).dependsOn)
    .filter(([service]) => among.includes(service))
    .map(([service, { condition, required }]): [string, JsonMap] => [
      rename(service),
      { condition, ...(required ? {} : { required }) },
    ]);
  return entries.length === 0 ? {} : { depends_on: Object.fromEntries(entries) };
}

/** A container that was stopped on purpose stays so when the server restarts (F51). */
function restartOf({ restart }: Service): string {
  return restart === undefined || restart === "always" ? "unless-stopped" : restart;
}

/** Compose refuses a limit in `deploy` beside another one in `mem_limit`. */
function withoutMemory(fields: JsonMap): JsonMap {
  const deploy = mapOf(fields["deploy"]);
  const resources = mapOf(deploy?.["resources"]);
  const limits = mapOf(resources?.["limits"]);
  if (deploy === undefined || resources === undefined || limits === undefined) return fields;
  const kept = Object.fromEntries(Object.entries(limits).filter(([name]) => name !== "memory"));
  return { ...fields, deploy: { ...deploy, resources: { ...resources, limits: kept } } };
}

function mapOf(value: Json | undefined): JsonMap | undefined {
  return isMap(value) ? value : undefined;
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function serviceOf({ application }: Deployment, name: string): Service {
  const service = application.services[name];
  if (service === undefined) throw new Error(`no service of the application: '${name}'`);
  return service;
}
