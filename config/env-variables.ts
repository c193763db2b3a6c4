import { createHmac } from "node:crypto";
import type { VariableFingerprint } from "../model/stack/deployment.ts";
import { envFileProblems, type EnvVariable } from "../model/stack/env-file.ts";
import type { Problem } from "../model/problem.ts";
import type { EnvSource } from "../secrets/source/env-source.ts";
import { subjectOf, type FoundVariable } from "../secrets/source/found-variable.ts";
import type { Draft } from "./draft.ts";

/** The variables that slipway itself writes into the env file of a stack. */
export function ownVariables(draft: Draft, stack: string): Record<string, string> {
  const { project, directory, domain, environment = stack, services = {}, ports = {} } = draft;
  const hostPorts = Object.entries(services).flatMap(([service, { hostPort }]): [string, string][] => {
    const port = ports[service]?.port;
    return hostPort === undefined || port === undefined ? [] : [[hostPort, String(port)]];
  });
  return {
    ENVIRONMENT: environment,
    ...(project !== undefined && { COMPOSE_PROJECT_NAME: project }),
    ...(directory !== undefined && { SERVER_APP_DIR: directory }),
    ...(domain !== undefined && { DOMAINNAME: domain }),
    ...Object.fromEntries(hostPorts),
  };
}

/** Every variable of the env file, by name: the stack's plain ones, those of its source, and slipway's own. */
export function envVariables(
  variables: Readonly<Record<string, string>>,
  found: readonly FoundVariable[],
  own: Readonly<Record<string, string>>,
): Pick<FoundVariable, "name" | "value">[] {
  const all = new Map<string, string | undefined>(Object.entries(variables));
  for (const { name, value } of found) all.set(name, value);
  for (const [name, value] of Object.entries(own)) all.set(name, value);
  return Array.from(all, ([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A keyed hash of name and value, cut to sixteen digits: enough to tell a change, useless to guess the value without the key. */
export function fingerprintOf(key: string, { name, value }: EnvVariable): VariableFingerprint {
  return createHmac("sha256", key).update(`${name}\0${value}`).digest("hex").slice(0, 16);
}

/** What the env file cannot take, and what says otherwise than slipway itself or than the stack. */
export function variableProblems(
  variables: Readonly<Record<string, string>>,
  source: Pick<EnvSource, "kind" | "variables">,
  own: Readonly<Record<string, string>>,
): Problem[] {
  const plain = Object.entries(variables).map(([name, value]) => ({ name, value, place: `variables.${name}` }));
  const against = (variable: FoundVariable, got: string): Problem[] => contradiction(variable, own[variable.name], got);
  return [
    ...plain.flatMap((variable) => [...faults(variable), ...against(variable, `'${variable.value}'`)]),
    ...source.variables.flatMap((variable) => [
      ...faults(variable),
      ...against(variable, "a value that is kept secret"),
      ...saidTwice(variable, variables[variable.name], source.kind),
    ]),
  ];
}

function faults(variable: FoundVariable): Problem[] {
  const { name, value, place } = variable;
  const found = envFileProblems(value === undefined ? [] : [{ name, value }], "env");
  return found.map(({ what, todo }) => ({ path: place, what: `${subjectOf(variable)}${what}`, todo }));
}

function contradiction(variable: FoundVariable, own: string | undefined, got: string): Problem[] {
  if (own === undefined || variable.value === undefined || own === variable.value) return [];
  const what = `${subjectOf(variable)}is written by slipway as '${own}', got ${got}`;
  return [{ path: variable.place, what, todo: "remove it" }];
}

/** Equal words in two places may be there on the way from one to the other, but for the two that the stack itself has. */
function saidTwice(variable: FoundVariable, plain: string | undefined, kind: EnvSource["kind"]): Problem[] {
  if (plain === undefined || variable.value === undefined) return [];
  if (kind !== "config" && plain === variable.value) return [];
  const what = `${subjectOf(variable)}is among the variables as well`;
  return [
    { path: variable.place, what: kind === "config" ? what : `${what}, with another value`, todo: "keep one of them" },
  ];
}
