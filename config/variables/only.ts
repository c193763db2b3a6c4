import type { OnlyServices, RestrictedVariables } from "../../model/compose/env/only.ts";
import { guess } from "../../model/guess.ts";
import type { Problem } from "../../model/problem.ts";
import { rulesOf, type Contract } from "../../secrets/contract/contract.ts";

/** The variables that only some services may get, by name. */
export function onlyServices(
  contract: Contract | undefined,
  variables: readonly { readonly name: string }[],
): RestrictedVariables {
  if (contract === undefined) return {};
  const entries = variables.flatMap(({ name }): [string, OnlyServices][] => {
    const { only, place = "" } = rulesOf(contract, name) ?? {};
    return only === undefined ? [] : [[name, { services: only, place }]];
  });
  return Object.fromEntries(entries);
}

/** Requires that the contract names services that exist: a misspelt one would keep a variable from all. */
export function onlyProblems(only: RestrictedVariables, services: readonly string[]): Problem[] {
  return Object.values(only).flatMap(({ services: named, place }) =>
    named
      .filter((name) => !services.includes(name))
      .map((name) => ({
        path: place,
        what: `gives a variable to a service that does not exist, got '${name}'`,
        todo: guess(name, services),
      })),
  );
}
