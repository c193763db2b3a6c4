import type { Deployment } from "./deployment.ts";
import type { Problem } from "../problem.ts";

/** Stands where the server writes the colour that it brings up. */
export const colourWord = "<colour>";

/** Stands where the server writes which switch this is. */
export const generationWord = "<generation>";

/** One of each for the parts that a stack has on a server; `colour` is of any colour, with `<colour>` in it. */
interface ByPart {
  readonly shared: string;
  readonly proxy: string;
  readonly migration: string;
  readonly blue: string;
  readonly green: string;
  readonly colour: string;
}

/** All names that a stack takes on its server; docs/documents.md shows them. */
interface Names {
  /** Compose projects. */
  readonly projects: ByPart;
  /** Folder of each part's compose file. */
  readonly directories: ByPart;
  /** The env file of the shared services, and those of the colours and the migration; the proxy has none. */
  readonly envFiles: Omit<ByPart, "proxy">;
  readonly networks: { readonly data: string; readonly edge: string };
  /** By the compose file's name: the volume on the server. */
  readonly volumes: Readonly<Record<string, string>>;
}

/** Every name begins with the project, so that two stacks share none. */
export function namesOf({ project, directory, application }: Deployment): Names {
  const colours = { blue: "blue", green: "green", colour: colourWord };
  const eachColour = (name: (colour: string) => string) => ({
    blue: name(colours.blue),
    green: name(colours.green),
    colour: name(colours.colour),
  });
  return {
    projects: {
      shared: project,
      proxy: `${project}-proxy`,
      migration: `${project}-migration`,
      ...eachColour((colour) => `${project}-${colour}`),
    },
    directories: {
      shared: directory,
      proxy: `${directory}/proxy`,
      migration: `${directory}/migration`,
      ...eachColour((colour) => `${directory}/${colour}`),
    },
    envFiles: {
      shared: `${directory}/.env`,
      migration: `${directory}/migration/.env`,
      ...eachColour((colour) => `${directory}/${colour}/.env`),
    },
    networks: { data: `${project}_data`, edge: `${project}_edge` },
    volumes: Object.fromEntries(application.volumes.map((volume) => [volume, `${project}_${volume}`])),
  };
}

/** The compose projects that the stack may have; only real colours, not the word that stands for any. */
export function projectsOf(deployment: Deployment): string[] {
  const { shared, proxy, blue, green, migration } = namesOf(deployment).projects;
  return [shared, proxy, blue, green, ...(deployment.migration === undefined ? [] : [migration])];
}

/** How a release service is called in its colour. */
export function inColour(service: string): string {
  return `${service}-${colourWord}`;
}

/** The proxy's name among the services of a stack. */
export const proxyService = "proxy";

/** Names of the stack's own that would be taken twice. */
export function nameProblems(deployment: Deployment): Problem[] {
  return [...projectProblems(deployment.project), ...serviceProblems(deployment)];
}

function projectProblems(project: string): Problem[] {
  const end = /-(proxy|blue|green|migration)$/.exec(project)?.[0];
  if (end === undefined) return [];
  const what = `ends with '${end}', as the projects do that slipway makes for a stack, got '${project}'`;
  return [{ path: "project", what, todo: "end it with another word" }];
}

function serviceProblems({ application, services }: Deployment): Problem[] {
  const names = Object.keys(application.services);
  const colours = names
    .filter((name) => services[name]?.release === true)
    .flatMap((name) => [`${name}-blue`, `${name}-green`]);
  return [proxyService, ...colours]
    .filter((name) => names.includes(name))
    .map((name) => ({
      path: `services.${name}`,
      what: "is a name that slipway gives to a service of its own in the stack's networks",
      todo: "rename the service in the compose file",
    }));
}
