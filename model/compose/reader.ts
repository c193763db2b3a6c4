import type { Application, Service } from "./application.ts";
import { checkCircles } from "./consistency/dependencies.ts";
import { checkResources } from "./consistency/resources.ts";
import { checkService } from "./consistency/service.ts";
import { checkEnvFiles } from "./env/env-file-keys.ts";
import { checkTotalSize } from "./mount/files.ts";
import { logNotes } from "./logging.ts";
import { readExposed } from "./port/exposed.ts";
import { readPorts } from "./ports.ts";
import { loadProject, type ComposeProject } from "./project.ts";
import { readNetworks } from "./network/read-networks.ts";
import { noteUnused } from "./project/unused.ts";
import { emptyContext, type ReaderContext, type ReaderInput, type WantedSetting } from "./context.ts";
import { readVolumes } from "./mount/volumes.ts";
import { fileMounts, imageProblems, readService } from "./service.ts";
import { guess } from "../guess.ts";
import { listOf, textOf } from "../json.ts";
import { distinctProblems, type Problem } from "../problem.ts";

/** A Compose application as far as it could be read, with all its problems. */
export interface ReaderResult {
  /** Undefined if the compose file itself could not be read. */
  readonly application: Application | undefined;
  /** Every service of the compose file, including those that are not deployed. */
  readonly names: readonly string[];
  readonly problems: readonly Problem[];
  /** Those that may hide a service, or the image of one. */
  readonly ofImages: readonly Problem[];
  /** Names of the variables that decide which services and images there are. */
  readonly askedByImages: ReadonlySet<string>;
  /** The settings that the advice of the problems asks for. */
  readonly wanted: readonly WantedSetting[];
}

/** Reads the developers' compose file and all files that belong to it into what a deployment needs. */
export function readApplication(input: ReaderInput): ReaderResult {
  const context = emptyContext(input);
  const project = loadProject(context);
  const { problems, wanted, asked } = context;
  if (project === undefined)
    return { application: undefined, names: [], problems, ofImages: problems, askedByImages: asked, wanted };
  const deployed = deployedServices(context, project);
  const ofImages = [...problems, ...deployed.flatMap((name) => imageProblems(context, project, name))];
  const askedByImages = new Set(asked); // what follows asks for more
  checkConsistency(context, project, deployed);
  noteUnused(context, project);
  const services = deployed.flatMap((name): [string, Service][] => {
    const service = readService(context, project, name, deployed);
    return service === undefined ? [] : [[name, service]];
  });
  const application = applicationOf(context, project, services);
  // A service that two others extend is read twice.
  const names = [...project.services.keys()];
  return {
    ...{ application, names, askedByImages, wanted },
    ...{ problems: distinctProblems(problems), ofImages: distinctProblems(ofImages) },
  };
}

type PublishedPorts = Pick<Service, "ports" | "exposed">;

/**
 * The ports of each service, whatever else is wrong with the files: their problems are those of `readApplication`.
 * Undefined if the files cannot be read.
 */
export function readPublishedPorts(input: ReaderInput): Record<string, PublishedPorts> | undefined {
  const context = emptyContext(input);
  const project = loadProject(context);
  if (project === undefined) return undefined;
  const services = [...project.services].map(([name, service]) => {
    const ports = readPorts(context, name, service.ports);
    return [name, { ports, exposed: readExposed(context, name, service) }] as const;
  });
  return Object.fromEntries(services);
}

function applicationOf(
  context: ReaderContext,
  project: ComposeProject,
  services: readonly [string, Service][],
): Application {
  const mounts = services.flatMap(([, service]) => service.mounts);
  const volumes = readVolumes(context, project, mounts);
  checkEnvFiles(
    context,
    services.map(([, service]) => service),
  );
  checkTotalSize(
    context,
    services.flatMap(([, service]) => fileMounts(service)),
  );
  const joined = new Set(services.flatMap(([, service]) => Object.keys(service.networks)));
  const networks = readNetworks(context, project, joined);
  const notes = [...context.notes, ...logNotes(services.map(([, service]) => service))];
  return { services: Object.fromEntries(services), volumes, networks, notes };
}

/** Reports what Compose itself would refuse before it runs anything. */
function checkConsistency(context: ReaderContext, project: ComposeProject, deployed: readonly string[]): void {
  for (const name of deployed) checkService(context, project, name);
  checkResources(context, project);
  checkCircles(context, new Map([...project.services].filter(([name]) => deployed.includes(name))));
}

/** A service with profiles is deployed if the stack asks for one of them, or names the service. */
function deployedServices(context: ReaderContext, project: ComposeProject): string[] {
  const asked = context.profiles;
  const written = new Set<string>();
  const deployed = [...project.services].flatMap(([name, service]) => {
    const own = listOf(service.fields["profiles"]).map((profile) => textOf(profile) ?? "");
    own.forEach((profile) => written.add(profile));
    const isAsked = asked.includes("*") || own.some((profile) => asked.includes(profile));
    if (own.length === 0 || isAsked || context.services[name] !== undefined) return [name];
    const profiles = own.map((profile) => `'${profile}'`).join(", ");
    context.notes.push(
      `${name}: is not deployed, since the stack neither names it nor asks for a profile of it (${profiles})`,
    );
    return [];
  });
  for (const profile of asked.filter((one) => one !== "*" && !written.has(one)))
    context.problems.push({
      path: "profiles",
      what: `no service has the profile '${profile}'`,
      todo: guess(profile, [...written]),
    });
  return deployed;
}
