import type { Deployment } from "../model/stack/deployment.ts";
import { nearest } from "../model/guess.ts";
import { policyProblems } from "../model/policy/policy.ts";
import type { Problem } from "../model/problem.ts";
import { renderProblems } from "../model/render/render.ts";
import { plainSecrets, type LookedAt } from "../secrets/source/plain-secrets.ts";

/** What the rules look at: a configuration together with the application that it is for. */
interface RuleInput {
  readonly deployment: Deployment;
  /** Services that the stack itself names, with their settings. */
  readonly named: readonly string[];
  /** Every service of the compose file, also those that are not deployed. */
  readonly services: readonly string[];
  /** Name of the compose file, and of the release document. */
  readonly files: { readonly compose: string; readonly release: string };
  /** What git tracks in the whole repository and may hold secrets. */
  readonly suspects: readonly LookedAt[];
}

type Rule = (input: RuleInput) => Problem[];

/** Rules across keys and files, in the order in which a person would look. */
const rules: readonly Rule[] = [
  ensureServicesExist,
  ensureReleaseIsKnown,
  ensurePortsAreFree,
  ensureHostPortVariables,
  ensureReleasesKeepNoData,
  ensureReleasesTakeTheirImages,
  ensureNoPlainSecrets,
  ensurePolicy,
  ensureRenderable,
];

/** Every rule that a configuration breaks. */
export function ruleProblems(input: RuleInput): Problem[] {
  return rules.flatMap((rule) => rule(input));
}

/** What the stack says of a service must be about one that is deployed. */
function ensureServicesExist({ deployment, named, services, files }: RuleInput): Problem[] {
  const { ports, images, application } = deployment;
  const deployed = Object.keys(application.services);
  const asked = { services: named, ports: Object.keys(ports), images: Object.keys(images) };
  return Object.entries(asked).flatMap(([key, names]) =>
    names
      .filter((name) => !deployed.includes(name))
      .map((name) => unknownService(`${key}.${name}`, name, { services, file: files.compose })),
  );
}

function unknownService(
  path: string,
  name: string,
  { services, file }: { services: readonly string[]; file: string },
): Problem {
  if (services.includes(name)) {
    return {
      path,
      what: `is not deployed, since it has profiles in ${file}`,
      todo: "name it below services to deploy it",
    };
  }
  const guess = nearest(name, services);
  const todo = guess === undefined ? `use one of ${services.join(", ")}` : `did you mean '${guess}'`;
  return { path, what: `is not a service of ${file}`, todo };
}

/** A release document may hold images of services that are not deployed, such as a migration's, but none of other applications. */
function ensureReleaseIsKnown({ deployment, services, files }: RuleInput): Problem[] {
  return Object.keys(deployment.release?.images ?? {})
    .filter((name) => !services.includes(name))
    .map((name) => unknownService(`${files.release}: images.${name}`, name, { services, file: files.compose }));
}

/** No two services publish the same port of the server. */
function ensurePortsAreFree({ deployment }: RuleInput): Problem[] {
  const ports = Object.entries(deployment.ports);
  const everywhere = ["0.0.0.0", "::"];
  return ports.flatMap(([service, { port, address }], index) => {
    const earlier = ports.slice(0, index).find(([, other]) => {
      const meet = other.address === address || everywhere.includes(address) || everywhere.includes(other.address);
      return other.port === port && meet;
    });
    if (earlier === undefined) return [];
    return [
      {
        path: `ports.${service}`,
        what: `is the host port of ${earlier[0]} already, got ${port}`,
        todo: "use another port",
      },
    ];
  });
}

/** The variable of a host port is one service's, and the one by which the compose file publishes it. */
function ensureHostPortVariables({ deployment, named }: RuleInput): Problem[] {
  const { services, ports, application } = deployment;
  const published = Object.keys(application.services).filter((service) => ports[service] !== undefined);
  const taken = new Map<string, string>();
  return [...new Set([...published, ...named])].flatMap((service) => {
    const path = `services.${service}.hostPort`;
    const variable = services[service]?.hostPort;
    const written = application.services[service]?.ports.flatMap((port) => port.variable ?? []) ?? [];
    if (variable === undefined) return missingVariable(path, written[0]);
    const other = taken.get(variable);
    taken.set(variable, service);
    if (other !== undefined)
      return [{ path, what: `is the variable of ${other} already, got '${variable}'`, todo: "name another variable" }];
    if (ports[service] === undefined) {
      return [
        {
          path: `ports.${service}`,
          what: `is missing, and ${variable} is to hold it`,
          todo: `set ports.${service}, or remove ${path}`,
        },
      ];
    }
    if (written.length === 0 || written.includes(variable)) return [];
    return [
      {
        path,
        what: `is not the variable by which the compose file publishes it, got '${variable}'`,
        todo: `use ${written.join(" or ")}`,
      },
    ];
  });
}

function missingVariable(path: string, written: string | undefined): Problem[] {
  if (written === undefined) return [];
  return [
    {
      path,
      what: `is missing, and the compose file publishes the service by ${written}`,
      todo: `set it to ${written}`,
    },
  ];
}

/** Two colours of a release run at the same time and would write the same files. */
function ensureReleasesKeepNoData({ deployment }: RuleInput): Problem[] {
  return Object.entries(deployment.services).flatMap(([name, { release, data }]) => {
    if (!release || data === undefined) return [];
    const what = `is of a service of the release, which runs twice during a switch, got '${data.volume}'`;
    return [{ path: `services.${name}.data`, what, todo: "keep the data in a shared service" }];
  });
}

/** What a release runs is decided by the release alone. */
function ensureReleasesTakeTheirImages({ deployment, files }: RuleInput): Problem[] {
  return Object.keys(deployment.images)
    .filter((name) => deployment.services[name]?.release === true)
    .map((name) => {
      const what = "is of a service of the release";
      return { path: `images.${name}`, what, todo: `remove it; its image stands in ${files.release}` };
    });
}

/** A10, F106: secrets in plain text have no place in a repository. */
function ensureNoPlainSecrets({ suspects }: RuleInput): Problem[] {
  return plainSecrets(suspects);
}

/** What the renderer asks of names, ports, images, files and volumes. Without a release document, images may be those of the last release, which only the server knows. */
function ensureRenderable({ deployment }: RuleInput): Problem[] {
  const later = (path: string): boolean => path === "proxy.image" || path.startsWith("images.");
  return renderProblems(deployment).filter(({ path }) => deployment.release !== undefined || !later(path));
}

/** What the environment made mandatory of its compose file. */
function ensurePolicy({ deployment }: RuleInput): Problem[] {
  return policyProblems(deployment);
}
