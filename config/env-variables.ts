import { createHmac } from "node:crypto";
import type { VariableFingerprint } from "../model/deployment.ts";
import { envFileProblems, type EnvVariable } from "../model/env-file.ts";
import type { Problem } from "../model/problem.ts";
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

/** Every variable of the env file with its value, by name. */
export function envVariables(
  { variables = {}, secrets = {} }: Draft,
  own: Readonly<Record<string, string>>,
): EnvVariable[] {
  const all = Object.entries({ ...variables, ...secrets, ...own });
  return all.map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A keyed hash of name and value, cut to sixteen digits: enough to tell a change, useless to guess the value without the key. */
export function fingerprintOf(key: string, { name, value }: EnvVariable): VariableFingerprint {
  return createHmac("sha256", key).update(`${name}\0${value}`).digest("hex").slice(0, 16);
}

/** What the env file cannot take, and what says otherwise than slipway itself. */
export function variableProblems(
  { variables = {}, secrets = {} }: Draft,
  own: Readonly<Record<string, string>>,
): Problem[] {
  const sources = { variables, secrets };
  return Object.entries(sources).flatMap(([source, found]) => [
    ...envFileProblems(
      Object.entries(found).map(([name, value]) => ({ name, value })),
      source,
    ),
    ...Object.entries(found).flatMap(([name, value]) => contradiction(source, { name, value }, own[name])),
    ...(source === "secrets"
      ? Object.keys(found)
          .filter((name) => variables[name] !== undefined)
          .map(saidTwice)
      : []),
  ]);
}

function contradiction(source: string, { name, value }: EnvVariable, own: string | undefined): Problem[] {
  if (own === undefined || own === value) return [];
  const got = source === "secrets" ? "a value that is kept secret" : `'${value}'`;
  return [{ path: `${source}.${name}`, what: `is written by slipway as '${own}', got ${got}`, todo: "remove it" }];
}

function saidTwice(name: string): Problem {
  return { path: `secrets.${name}`, what: "is among the variables as well", todo: "keep one of them" };
}
