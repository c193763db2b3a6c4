import { guess } from "../guess.ts";
import { mapOf, textOf } from "../json.ts";
import type { Dependency, FileMount, Service } from "./application.ts";
import { readEnvFiles, readVariables } from "./environment.ts";
import { readMounts } from "./mounts.ts";
import type { NormalService } from "./normal-service.ts";
import { readPorts } from "./ports.ts";
import type { ComposeProject } from "./project.ts";
import { type Reading, readingOf, resolveText } from "./reading.ts";
import { refuseFields } from "./refusal.ts";
import { readResources } from "./resources.ts";
import { without } from "./value.ts";

/** Fields that a service of an application has in another form, or that a deployment decides. */
const readElsewhere = [
  ...[
    "name",
    "image",
    "build",
    "ports",
    "volumes",
    "networks",
    "env_file",
    "depends_on",
    "profiles",
    "restart",
    "logging",
  ],
  ...["container_name", "develop", "extends", "secrets", "configs", "pull_policy", "pull_refresh_after", "attach"],
];

/** Fields whose absence in the deployment somebody might miss. */
const noted = ["container_name", "networks", "logging"];

/** Reads one service of the project. */
export function readService(
  reading: Reading,
  project: ComposeProject,
  name: string,
  deployed: readonly string[],
): Service | undefined {
  const service = project.services.get(name);
  if (service === undefined) return undefined;
  refuseFields(reading, name, service);
  const { release, drop } = readingOf(reading, name);
  const mounts = [...readMounts(reading, project, name, service), ...readResources(reading, project, name, service)];
  checkDrops(reading, { name, service, drop });
  noteFields(reading, name, service);
  const fields = without(service.fields, readElsewhere);
  return {
    name,
    image: release ? textOf(service.fields["image"]) : resolved(reading, service, "image"),
    ports: readPorts(reading, service.ports),
    mounts,
    wholeEnvironment: readEnvFiles(reading, name, service),
    variables: readVariables(reading, service, fields),
    dependsOn: readDependencies(reading, service, { deployed, known: [...project.services.keys()] }),
    fields,
    restart: resolved(reading, service, "restart"),
  };
}

function resolved(reading: Reading, service: NormalService, field: string): string | undefined {
  const text = textOf(service.fields[field]);
  return text === undefined ? undefined : resolveText(reading, text, service.place(field), field);
}

/** The files of the repository among what a service mounts. */
export function fileMounts({ mounts }: Service): FileMount[] {
  return mounts.filter((mount) => mount.type === "file");
}

function checkDrops(
  reading: Reading,
  { name, service, drop }: { name: string; service: NormalService; drop: readonly string[] },
): void {
  const targets = service.volumes.map(({ value }) => textOf(mapOf(value)["target"]) ?? "");
  const words = ["develop", "build.target"];
  for (const word of drop.filter((word) => !targets.includes(word) && !words.includes(word))) {
    reading.problems.push({
      path: `services.${name}.drop`,
      what: `names no mount of the service, got '${word}'`,
      todo: guess(word, targets),
    });
  }
  for (const target of targets.filter((target) => drop.includes(target))) {
    reading.notes.push(`${name}: the mount at ${target} is left out, as the stack says`);
  }
}

function noteFields(reading: Reading, name: string, service: NormalService): void {
  const { release, published } = readingOf(reading, name);
  for (const field of noted.filter((field) => service.fields[field] !== undefined)) {
    reading.notes.push(`${name}: ${field} of the compose file is not used; the deployment decides it`);
  }
  if (service.ports.length > 0 && !published)
    reading.notes.push(`${name}: is not published, since the stack gives it no host port`);
  if (service.ports.length > 0 && published && release)
    reading.notes.push(`${name}: is published by the proxy, not by itself`);
}

/** What must run before a service, of the services that are deployed. */
function readDependencies(
  reading: Reading,
  service: NormalService,
  { deployed, known }: { deployed: readonly string[]; known: readonly string[] },
): Record<string, Dependency> {
  const entries = Object.entries(mapOf(service.fields["depends_on"])).flatMap(
    ([name, value]): [string, Dependency][] => {
      const dependency = dependencyOf(mapOf(value));
      if (deployed.includes(name)) return [[name, dependency]];
      if (dependency.required)
        reading.problems.push(missing(service.place("depends_on", name), name, known.includes(name)));
      return [];
    },
  );
  return Object.fromEntries(entries);
}

function dependencyOf({
  condition,
  required,
}: {
  readonly condition?: unknown;
  readonly required?: unknown;
}): Dependency {
  const known =
    condition === "service_healthy" || condition === "service_completed_successfully" ? condition : "service_started";
  return { condition: known, required: required !== false && required !== "false" };
}

function missing(path: string, name: string, known: boolean) {
  if (!known) return { path, what: `depends_on names '${name}', which is not a service`, todo: "correct the name" };
  const what = `depends_on names '${name}', which has profiles and is not deployed`;
  return { path, what, todo: `name it in services.${name} to deploy it, or write \`required: false\`` };
}
