import { guess } from "../model/guess.ts";
import { stackProblems } from "../model/plan/stack-rules.ts";
import type { Problem } from "../model/problem.ts";
import { plainSecrets } from "../secrets/source/plain-secrets.ts";
import type { Rule, RuleInput } from "./rule.ts";
import { ensureMigrationExists, ensureMigrationServesNobody } from "./migration.ts";

/** Rules across keys and files, in the order in which a person would look; those of the stack that comes of them are the last. */
const rules: readonly Rule[] = [
  ensureServicesExist,
  ensureReleaseIsKnown,
  ensureMigrationExists,
  ensureMigrationServesNobody,
  ensurePortsAreFree,
  ensureHostPortVariables,
  ensureReleasesKeepNoData,
  ensureReleasesTakeTheirImages,
  ensureNoPlainSecrets,
  ({ stack }) => stackProblems(stack),
];

/** Every rule that a configuration breaks. */
export function ruleProblems(input: RuleInput): Problem[] {
  return rules.flatMap((rule) => rule(input));
}

/** A key about a service is about one that is deployed. */
function ensureServicesExist({ draft, stack, composeServices, files }: RuleInput): Problem[] {
  const { services, ports, images, migration } = draft;
  const deployed = stack.services.filter(({ part }) => part !== "migration").map(({ name }) => name);
  const named = Object.keys(services).filter((name) => name !== migration?.service);
  const asked = { services: named, ports: Object.keys(ports), images: Object.keys(images) };
  return Object.entries(asked).flatMap(([key, names]) =>
    names
      .filter((name) => !deployed.includes(name))
      .map((name) => unknownService(`${key}.${name}`, name, { services: composeServices, file: files.compose })),
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
  return { path, what: `is not a service of ${file}`, todo: guess(name, services) };
}

/** A release document may hold images of services that are not deployed, such as a migration's, but none of other applications. */
function ensureReleaseIsKnown({ stack, composeServices, files }: RuleInput): Problem[] {
  return Object.keys(stack.release?.images ?? {})
    .filter((name) => !composeServices.includes(name))
    .map((name) =>
      unknownService(`${files.release}: images.${name}`, name, { services: composeServices, file: files.compose }),
    );
}

/** No two services publish the same port of the server. */
function ensurePortsAreFree({ stack }: RuleInput): Problem[] {
  const ports = Object.entries(stack.hostPorts);
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
function ensureHostPortVariables({ draft, stack }: RuleInput): Problem[] {
  const { services } = draft;
  const asked = stack.services.filter(
    ({ name }) => stack.hostPorts[name] !== undefined || services[name] !== undefined,
  );
  const taken = new Map<string, string>();
  return asked
    .filter(({ part }) => part !== "migration")
    .flatMap(({ name, settings, compose }) => {
      const written = compose.ports.flatMap((port) => port.variable ?? []);
      const variable = settings.hostPort;
      if (variable === undefined) return missingVariable(`services.${name}.hostPort`, written[0]);
      const other = taken.get(variable);
      taken.set(variable, name);
      return variableProblems({ name, variable, other, written, published: stack.hostPorts[name] !== undefined });
    });
}

interface HostPortVariable {
  /** The service. */
  readonly name: string;
  readonly variable: string;
  /** Another service that has the same variable. */
  readonly other: string | undefined;
  /** The variables by which the compose file publishes the service. */
  readonly written: readonly string[];
  readonly published: boolean;
}

function variableProblems({ name, variable, other, written, published }: HostPortVariable): Problem[] {
  const path = `services.${name}.hostPort`;
  if (other !== undefined)
    return [{ path, what: `is the variable of ${other} already, got '${variable}'`, todo: "name another variable" }];
  if (!published) {
    const what = `is missing, and ${variable} is to hold it`;
    return [{ path: `ports.${name}`, what, todo: `set ports.${name}, or remove ${path}` }];
  }
  if (written.length === 0 || written.includes(variable)) return [];
  const what = `is not the variable by which the compose file publishes it, got '${variable}'`;
  return [{ path, what, todo: `use ${written.join(" or ")}` }];
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
function ensureReleasesKeepNoData({ stack }: RuleInput): Problem[] {
  return stack.services.flatMap(({ name, part, settings: { data } }) => {
    if (part !== "release" || data === undefined) return [];
    const what = `is of a service of the release, which runs twice during a switch, got '${data.volume}'`;
    return [{ path: `services.${name}.data`, what, todo: "keep the data in a shared service" }];
  });
}

/** The images of a release service are decided by the release alone. */
function ensureReleasesTakeTheirImages({ draft, stack, files }: RuleInput): Problem[] {
  return Object.keys(draft.images)
    .filter((image) => stack.services.some(({ name, part }) => name === image && part === "release"))
    .map((name) => {
      const what = "is of a service of the release";
      return { path: `images.${name}`, what, todo: `remove it; its image stands in ${files.release}` };
    });
}

/** A10, F106: secrets in plain text have no place in a repository. */
function ensureNoPlainSecrets({ suspects }: RuleInput): Problem[] {
  return plainSecrets(suspects);
}
