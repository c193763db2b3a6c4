import { guess } from "../model/guess.ts";
import { stackProblems } from "../model/plan/rules.ts";
import type { Problem } from "../model/problem.ts";
import { plainSecrets } from "../secrets/source/plain-secrets.ts";
import type { Rule, RuleInput } from "./rule.ts";
import { ensureMigrationExists, ensureMigrationServesNobody } from "./migration.ts";

/**
 * All rules that need the files beside the configuration; those of the stack are the last. `ensureOneHost` needs the
 * configuration alone: `readDraft` checks it, so that it also holds where no file is read.
 */
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
  // Without a release document the plan checks them again, when it knows the release that was applied last.
  ({ stack }) => stackProblems(stack),
];

/** Every rule that a configuration breaks. */
export function ruleProblems(input: RuleInput): Problem[] {
  return rules.flatMap((rule) => rule(input));
}

/** Requires that each key about a service names a deployed one. */
function ensureServicesExist({ draft, stack, composeServices, files }: RuleInput): Problem[] {
  const { services, ports, images, migration } = draft;
  const deployed = stack.services.filter(({ part }) => part !== "migration").map(({ name }) => name);
  const named = Object.keys(services).filter((name) => name !== migration?.service);
  const namesByKey = { services: named, ports: Object.keys(ports), images: Object.keys(images) };
  return Object.entries(namesByKey).flatMap(([key, names]) =>
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

/**
 * Requires that a release document holds only images of this application. It may hold those of services that are not
 * deployed.
 */
function ensureReleaseIsKnown({ stack, composeServices, files }: RuleInput): Problem[] {
  return Object.keys(stack.release?.images ?? {})
    .filter((name) => !composeServices.includes(name))
    .map((name) =>
      unknownService(`${files.release}: images.${name}`, name, { services: composeServices, file: files.compose }),
    );
}

/** Requires that no two services publish the same port of the server. */
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
        what: `is already the host port of ${earlier[0]}, got ${port}`,
        todo: "use another port",
      },
    ];
  });
}

/** Requires that each host port variable belongs to one service, for which the compose file uses it. */
function ensureHostPortVariables({ draft, stack }: RuleInput): Problem[] {
  const { services } = draft;
  const configured = stack.services.filter(
    ({ name }) => stack.hostPorts[name] !== undefined || services[name] !== undefined,
  );
  const taken = new Map<string, string>();
  return configured
    .filter(({ part }) => part !== "migration")
    .flatMap(({ name, settings, compose }) => {
      const written = compose.ports.flatMap((port) => port.variable ?? []);
      const variable = settings.hostPortVariable;
      if (variable === undefined) return missingVariable(`services.${name}.hostPort`, written[0]);
      const other = taken.get(variable);
      taken.set(variable, name);
      return variableProblems({ name, variable, other, written, published: stack.hostPorts[name] !== undefined });
    });
}

/** The variable of a service's host port. */
interface HostPortVariable {
  /** The service. */
  readonly name: string;
  readonly variable: string;
  /** Another service with the same variable. */
  readonly other: string | undefined;
  /** The variables with which the compose file publishes the service. */
  readonly written: readonly string[];
  readonly published: boolean;
}

function variableProblems({ name, variable, other, written, published }: HostPortVariable): Problem[] {
  const path = `services.${name}.hostPort`;
  if (other !== undefined)
    return [{ path, what: `is already the variable of ${other}, got '${variable}'`, todo: "name another variable" }];
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

/** Requires that release services keep no data: two colours run at the same time and would write the same files. */
function ensureReleasesKeepNoData({ stack }: RuleInput): Problem[] {
  return stack.services.flatMap(({ name, part, settings: { data } }) => {
    if (part !== "release" || data === undefined) return [];
    const what = `belongs to a service of the release, which runs twice during a switch, got '${data.volume}'`;
    return [{ path: `services.${name}.data`, what, todo: "keep the data in a shared service" }];
  });
}

/** Requires that `images` names no release service, since only the release decides its image. */
function ensureReleasesTakeTheirImages({ draft, stack, files }: RuleInput): Problem[] {
  return Object.keys(draft.images)
    .filter((image) => stack.services.some(({ name, part }) => name === image && part === "release"))
    .map((name) => {
      const what = "belongs to a service of the release";
      return { path: `images.${name}`, what, todo: `remove it; its image stands in ${files.release}` };
    });
}

/** Requires that the repository holds no secrets in plain text (A10, F106). */
function ensureNoPlainSecrets({ suspects }: RuleInput): Problem[] {
  return plainSecrets(suspects);
}
