import { guess } from "../guess.ts";
import { mapOf, textOf } from "../json.ts";
import type { Dependency, FileMount, Service } from "./application.ts";
import { readEnvFiles, readVariables } from "./environment.ts";
import { readMounts } from "./mounts.ts";
import type { NormalService } from "./normal-service.ts";
import { readPorts } from "./ports.ts";
import type { ComposeProject } from "./project.ts";
import { type ReaderContext, optionsOf, resolveText } from "./context.ts";
import { refuseFields } from "./refusal.ts";
import { readResources } from "./resources.ts";
import { omit } from "./value.ts";

/** Fields that `Service` has in a form of its own. */
const convertedFields = "name image ports volumes secrets configs env_file depends_on restart".split(" ");

/** Fields that the deployment decides or does not need. */
const leftOutFields = [
  ..."build networks profiles logging container_name develop extends".split(" "),
  ..."pull_policy pull_refresh_after attach".split(" "),
];

/** Fields that the deployment decides, although developers may expect theirs. */
const ignoredFields = ["container_name", "networks", "logging"];

/** Reads one service of the project. */
export function readService(
  context: ReaderContext,
  project: ComposeProject,
  name: string,
  deployed: readonly string[],
): Service | undefined {
  const service = project.services.get(name);
  if (service === undefined) return undefined;
  refuseFields(context, name, service);
  const { release, drop } = optionsOf(context, name);
  const mounts = [...readMounts(context, project, name, service), ...readResources(context, project, name, service)];
  checkDrops(context, { name, service, drop });
  noteFields(context, name, service);
  const fields = omit(service.fields, [...convertedFields, ...leftOutFields]);
  return {
    name,
    image: release ? textOf(service.fields["image"]) : resolveField(context, service, "image"),
    ports: readPorts(context, service.ports),
    mounts,
    wholeEnvironment: readEnvFiles(context, name, service),
    variables: readVariables(context, service, fields),
    dependsOn: readDependencies(context, service, { deployed, all: [...project.services.keys()] }),
    fields,
    restart: resolveField(context, service, "restart"),
  };
}

function resolveField(context: ReaderContext, service: NormalService, field: string): string | undefined {
  const text = textOf(service.fields[field]);
  return text === undefined ? undefined : resolveText(context, text, service.place(field), field);
}

/** The mounts of a service that are files of the repository. */
export function fileMounts({ mounts }: Service): FileMount[] {
  return mounts.filter((mount) => mount.type === "file");
}

function checkDrops(
  context: ReaderContext,
  { name, service, drop }: { name: string; service: NormalService; drop: readonly string[] },
): void {
  const targets = service.volumes.map(({ value }) => textOf(mapOf(value)["target"]) ?? "");
  const words = ["develop", "build.target"];
  for (const word of drop.filter((word) => !targets.includes(word) && !words.includes(word))) {
    context.problems.push({
      path: `services.${name}.drop`,
      what: `names no mount of the service, got '${word}'`,
      todo: guess(word, targets),
    });
  }
  for (const target of targets.filter((target) => drop.includes(target))) {
    context.notes.push(`${name}: the mount at ${target} is left out, as the stack says`);
  }
}

function noteFields(context: ReaderContext, name: string, service: NormalService): void {
  const { release, published } = optionsOf(context, name);
  for (const field of ignoredFields.filter((field) => service.fields[field] !== undefined)) {
    context.notes.push(`${name}: ${field} of the compose file is not used; the deployment decides it`);
  }
  if (service.ports.length > 0 && !published)
    context.notes.push(`${name}: is not published, since the stack gives it no host port`);
  if (service.ports.length > 0 && published && release)
    context.notes.push(`${name}: is published by the proxy, not by itself`);
}

/** The services of `depends_on` that are deployed. */
function readDependencies(
  context: ReaderContext,
  service: NormalService,
  { deployed, all }: { deployed: readonly string[]; all: readonly string[] },
): Record<string, Dependency> {
  const entries = Object.entries(mapOf(service.fields["depends_on"])).flatMap(
    ([name, value]): [string, Dependency][] => {
      const dependency = dependencyOf(mapOf(value));
      if (deployed.includes(name)) return [[name, dependency]];
      if (dependency.required)
        context.problems.push(missingDependency(service.place("depends_on", name), name, all.includes(name)));
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
  const waits = condition === "service_healthy" || condition === "service_completed_successfully";
  return { condition: waits ? condition : "service_started", required: required !== false && required !== "false" };
}

function missingDependency(path: string, name: string, exists: boolean) {
  if (!exists) return { path, what: `depends_on names '${name}', which is not a service`, todo: "correct the name" };
  const what = `depends_on names '${name}', which has profiles and is not deployed`;
  return { path, what, todo: `name it in services.${name} to deploy it, or write \`required: false\`` };
}
