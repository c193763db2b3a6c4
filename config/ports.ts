import type { Problem } from "../model/problem.ts";
import type { RuleInput } from "./rule.ts";

/** Requires that no two services publish the same port of the server. */
export function ensurePortsAreFree({ stack }: RuleInput): Problem[] {
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
export function ensureHostPortVariables({ draft, stack }: RuleInput): Problem[] {
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
