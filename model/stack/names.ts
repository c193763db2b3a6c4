import { colours, projectOf, serviceInColour } from "../colour.ts";
import { proxyName } from "../proxy.ts";
import { colourPlaceholder } from "../placeholders.ts";
import type { Problem } from "../problem.ts";
import type { ServiceBase } from "./service.ts";

/** A compose project on a server and the folder of its compose file. */
export interface Place {
  readonly project: string;
  readonly directory: string;
}

/** The places of a stack's parts on a server; `colour` has the placeholder `<colour>`. docs/documents.md shows them. */
export interface Places {
  readonly shared: Place;
  readonly proxy: Place;
  readonly migration: Place;
  readonly blue: Place;
  readonly green: Place;
  readonly colour: Place;
}

/** The places of a stack. All begin with the project, so that two stacks share none. */
export function placesOf({ project, directory }: Place): Places {
  const below = (name: string): Place => ({ project: projectOf(name, project), directory: `${directory}/${name}` });
  return {
    shared: { project, directory },
    proxy: below(proxyName),
    migration: below("migration"),
    blue: below("blue"),
    green: below("green"),
    colour: below(colourPlaceholder),
  };
}

/** The env file of a part. */
export function envFileOf({ directory }: Place): string {
  return `${directory}/.env`;
}

/** The name of a release service in its colour. */
export function inColour(service: string): string {
  return serviceInColour(service, colourPlaceholder);
}

/** The beginning of all names that slipway gives to services, projects and networks of its own. */
const ownPrefix = "slipway-";

/** Requires that neither the project nor a service has a name that slipway uses itself. */
export function ensureNamesAreFree({
  project,
  services,
}: {
  readonly project: string;
  readonly services: readonly ServiceBase[];
}): Problem[] {
  const deployed = services.filter(({ part }) => part !== "migration").map(({ name }) => name);
  const inColours = services
    .filter(({ part }) => part === "release")
    .flatMap(({ name }) => colours.map((colour) => serviceInColour(name, colour)));
  return [
    ...projectProblems(project),
    ...deployed
      .filter((name) => name.startsWith(ownPrefix) || inColours.includes(name))
      .map((name) => ({
        path: `services.${name}`,
        what: "is a name that slipway gives to a service of its own in the stack's networks",
        todo: "rename the service in the compose file",
      })),
  ];
}

function projectProblems(project: string): Problem[] {
  const end = /-(slipway-proxy|blue|green|migration)$/.exec(project)?.[0];
  if (end === undefined) return [];
  const what = `ends with '${end}', as the projects do that slipway makes for a stack, got '${project}'`;
  return [{ path: "project", what, todo: "end it with another word" }];
}
