import { guess } from "../guess.ts";
import { listOf, mapOf, textOf, type JsonMap } from "../json.ts";
import type { Problem } from "../problem.ts";
import type { Dependency, FileMount, Service } from "./application.ts";
import { readBoolean } from "./boolean.ts";
import { neededServices } from "./consistency/dependencies.ts";
import { readLabels } from "./env/label-files.ts";
import { readEnvFiles } from "./env/env-files.ts";
import { withoutOthersVariables } from "./env/only.ts";
import { readPgdata, readVariables } from "./environment.ts";
import { labelsField, splitTeamLabels } from "./labels/team-labels.ts";
import { readMounts } from "./mount/mounts.ts";
import { readServiceNetworks } from "./network/read-attachments.ts";
import type { NormalService } from "./normal-service.ts";
import { readExposed } from "./port/exposed.ts";
import { readPorts } from "./ports.ts";
import type { ComposeProject } from "./project.ts";
import { type ReaderContext, knownText, optionsOf, resolveText } from "./context.ts";
import { refuseFields } from "./refusal.ts";
import { readSeccompProfiles } from "./mount/seccomp.ts";
import { readResources } from "./resources.ts";
import { omit } from "./value.ts";
import { readVolumesFrom } from "./mount/volumes-from.ts";

/** Fields that `Service` has in a form of its own. */
const convertedFields = [
  ..."name image ports volumes volumes_from secrets configs env_file depends_on restart links".split(" "),
  ..."labels label_file networks container_name".split(" "),
];

/** Fields that the deployment decides or does not need. */
const leftOutFields = [
  ..."build profiles develop extends".split(" "),
  ..."pull_policy pull_refresh_after attach".split(" "),
];

const byDigest = "slipway pulls every image by digest before it starts anything";

/** Fields that change nothing on a server, although developers may expect it, and why. */
const ignoredFields: Readonly<Record<string, string>> = {
  build: "slipway builds nothing on a server",
  develop: "it is for developers' machines",
  pull_policy: byDigest,
  pull_refresh_after: byDigest,
  attach: "it is for the output of `docker compose up`",
};

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
  const volumesFrom = readVolumesFrom(context, name, service);
  const seccompProfiles = readSeccompProfiles(context, name, service);
  const { kept: labels, ...team } = splitTeamLabels(context, name, service, readLabels(context, name, service));
  const written = { ...omit(service.fields, [...convertedFields, ...leftOutFields]), ...labelsField(labels) };
  const fields = withoutOthersVariables(context, name, service, { fields: written, mounts });
  const { envFiles, variables } = readEnvFiles(context, name, service);
  return {
    name,
    image: release ? imageOfRelease(context, service) : resolveField(context, service, "image"),
    ...(service.fields["build"] !== undefined && { built: true }),
    ports: readPorts(context, name, service.ports),
    exposed: readExposed(context, name, service),
    mounts,
    envFiles,
    ...readPgdata(context, { fields, envFiles }),
    variables: [...new Set([...readVariables(context, { name, service, fields }), ...variables])].sort(),
    dependsOn: readDependencies(context, { name, service }, { deployed, all: [...project.services.keys()] }),
    ...readLinks(service),
    ...team,
    ...(volumesFrom.length > 0 && { volumesFrom }),
    ...(seccompProfiles.length > 0 && { seccompProfiles }),
    ...readServiceNetworks(context, name, service),
    fields,
    restart: resolveField(context, service, "restart"),
  };
}

function resolveField(context: ReaderContext, service: NormalService, field: string): string | undefined {
  const text = textOf(service.fields[field]);
  return text === undefined ? undefined : resolveText(context, text, { place: service.place(field), name: field });
}

/** The image of a release service, as written if it has variables that nobody sets: the release has the whole name. */
function imageOfRelease(context: ReaderContext, service: NormalService): string | undefined {
  const written = textOf(service.fields["image"]);
  return written === undefined ? undefined : (knownText(context, written) ?? written);
}

/** The problems of a service's image alone. A release has the whole name, so the image of its services has none. */
export function imageProblems(context: ReaderContext, project: ComposeProject, name: string): readonly Problem[] {
  const service = project.services.get(name);
  if (service === undefined) return [];
  const trial = { ...context, problems: [] };
  if (optionsOf(context, name).release) imageOfRelease(trial, service);
  else resolveField(trial, service, "image");
  return trial.problems;
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
  for (const [field, why] of Object.entries(ignoredFields)) {
    if (service.fields[field] !== undefined) context.notes.push(`${name}: ${field} is not used; ${why}`);
  }
}

/** The other names of `links`. A link that gives none only says which services are needed. */
function readLinks(service: NormalService): Pick<Service, "links"> {
  const links = listOf(service.fields["links"]).flatMap((link): [string, string][] => {
    const [target = "", name = target] = (textOf(link) ?? "").split(":");
    return name === target ? [] : [[name, target]];
  });
  return links.length === 0 ? {} : { links: Object.fromEntries(links) };
}

/** The services that it needs and that are deployed. */
function readDependencies(
  context: ReaderContext,
  { name: waiting, service }: { name: string; service: NormalService },
  { deployed, all }: { deployed: readonly string[]; all: readonly string[] },
): Record<string, Dependency> {
  const entries = neededServices(service).flatMap(({ name, keys, entry }): [string, Dependency][] => {
    const boolean = (field: string): boolean | undefined =>
      readBoolean(context, entry[field], { place: service.place(...keys, field), name: `depends_on.${name}.${field}` });
    const dependency = dependencyOf(entry, boolean);
    if (deployed.includes(name)) return [[name, dependency]];
    // Compose takes one that is not deployed, but none that the file does not have.
    if (dependency.required || !all.includes(name))
      context.problems.push(
        missingDependency(service.place(...keys), { name, field: keys[0] ?? "", exists: all.includes(name) }),
      );
    else context.notes.push(`${waiting}: does not wait for '${name}', which is optional and not deployed`);
    return [];
  });
  return Object.fromEntries(entries);
}

function dependencyOf({ condition }: JsonMap, boolean: (field: string) => boolean | undefined): Dependency {
  const waits = condition === "service_healthy" || condition === "service_completed_successfully";
  return {
    condition: waits ? condition : "service_started",
    required: boolean("required") !== false,
    ...(boolean("restart") === true && { restart: true }),
  };
}

function missingDependency(
  path: string,
  { name, field, exists }: { name: string; field: string; exists: boolean },
): Problem {
  if (!exists) return { path, what: `${field} names '${name}', which is not a service`, todo: "correct the name" };
  const what = `${field} names '${name}', which has profiles and is not deployed`;
  const optional = field === "depends_on" ? ", or write `required: false`" : "";
  return {
    path,
    what,
    todo: `name it in services.${name}, or one of its profiles in profiles, to deploy it${optional}`,
  };
}
