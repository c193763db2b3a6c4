import { posix } from "node:path";
import type { FileMount, SecretMount } from "./application.ts";
import { readFileMount } from "./files.ts";
import type { NormalService } from "./normal-service.ts";
import type { ComposeProject, Resource } from "./project.ts";
import { resolveText, type Reading } from "./reading.ts";
import { readSecret } from "./secret.ts";
import { isMap, listOf, mapOf, textOf, type Json } from "../json.ts";

/** Where Compose puts a secret or a config of a service. */
const places = { secrets: "/run/secrets", configs: "/" } as const;

/** The secrets and configs of a service as the mounted files that they are. */
export function readResources(
  reading: Reading,
  project: ComposeProject,
  name: string,
  service: NormalService,
): (FileMount | SecretMount)[] {
  return (["secrets", "configs"] as const).flatMap((kind) =>
    listOf(service.fields[kind]).flatMap((entry) => readResource(reading, { project, name, service, kind, entry })),
  );
}

interface Grant {
  readonly name: string;
  readonly project: ComposeProject;
  readonly service: NormalService;
  readonly kind: keyof typeof places;
  readonly entry: Json;
}

function readResource(reading: Reading, grant: Grant): (FileMount | SecretMount)[] {
  const { project, service, kind, entry } = grant;
  const source = textOf(isMap(entry) ? entry["source"] : entry) ?? "";
  const resource = project[kind].get(source);
  const place = service.place(kind);
  if (resource === undefined) {
    reading.problems.push({
      path: place,
      what: `${kind} names '${source}', which is not defined`,
      todo: `add it below the file's top-level ${kind}`,
    });
    return [];
  }
  const variable = kind === "secrets" ? textOf(resource.value["environment"]) : undefined;
  if (variable !== undefined) {
    const secret = readSecret(reading, { ...grant, source }, variable);
    return secret === undefined ? [] : [secret];
  }
  const path = fileOf(reading, resource, { kind, source });
  if (path === undefined) return [];
  const target = posix.resolve(places[kind], (isMap(entry) ? textOf(entry["target"]) : undefined) ?? source);
  const wayOut = kind === "secrets" ? { wayOut: asVariable } : {};
  const mount = readFileMount(reading, { path, target, readOnly: true, place: resource.place, ...wayOut });
  return mount === undefined ? [] : [mount];
}

/** How a secret is delivered that no repository may hold. */
const asVariable =
  "write `environment: <VARIABLE>` instead of the file: slipway delivers that variable's value as a file";

function fileOf(
  reading: Reading,
  { value, place, folder }: Resource,
  { kind, source }: Pick<Grant, "kind"> & { source: string },
): string | undefined {
  const file = textOf(value["file"]);
  if (file === undefined) {
    const todo = kind === "secrets" ? asVariable : "use a file of the repository, or a variable of the env file";
    reading.problems.push({ path: place, what: `${kind}.${source} is not a file`, todo });
    return undefined;
  }
  const path = resolveText(reading, file, place, `${kind}.${source}`);
  return path === undefined ? undefined : posix.join(folder, path);
}

/** Volumes keep the names that Compose itself would give them; one that says otherwise would be another volume. */
export function checkVolumes(reading: Reading, project: ComposeProject, used: readonly string[]): void {
  for (const name of used) {
    const resource = project.volumes.get(name);
    const refused = ["external", "name", "driver_opts", "driver"].filter((key) => refusedVolumeKey(resource, key));
    for (const key of refused) {
      const what = `the volume '${name}' has ${key}, which cannot be deployed`;
      reading.problems.push({
        path: resource?.place ?? `${reading.prefix}${reading.file}`,
        what,
        todo: "remove it; the volume is named after the project",
      });
    }
  }
}

function refusedVolumeKey(resource: Resource | undefined, key: string): boolean {
  const value = mapOf(resource?.value)[key];
  return value !== undefined && value !== false && !(key === "driver" && value === "local");
}
