import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Contract } from "../contract/contract.ts";
import type { FoundVariable } from "./found-variable.ts";

/** What the CI's variables hold for the containers. */
interface CiVariables {
  readonly variables: readonly FoundVariable[];
  /** Declared names that are set to nothing. */
  readonly empty: readonly FoundVariable[];
}

/** Takes from the environment what the contract declares for the containers, and nothing else: all other variables are the machine's (A1, B7). */
export function ciVariables(contract: Contract | undefined, environment: NodeJS.ProcessEnv): CiVariables {
  const all = Object.entries(environment).flatMap(([name, value]) => {
    if (value === undefined || contract === undefined || !isDeclared(contract, name)) return [];
    return [{ name, value: fileText(name, value) ?? value, place: `CI variable ${name}` }];
  });
  return { variables: all.filter(({ value }) => value !== ""), empty: all.filter(({ value }) => value === "") };
}

function isDeclared(contract: Contract, name: string): boolean {
  const declared = contract.variables.get(name);
  if (declared !== undefined) return declared.owner !== "pipeline";
  return contract.prefixes.some(({ prefix }) => name.startsWith(prefix));
}

/** GitLab gives a variable of the type File as the path of a file that is called like it. An editor's last line end is no part of the value. */
function fileText(name: string, value: string): string | undefined {
  if (!value.startsWith("/") || basename(value) !== name) return undefined;
  try {
    return readFileSync(value, "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}

/** What goes wrong with GitLab's variables (F115, F116), for a variable that is not there. */
export function absentHint(environment: NodeJS.ProcessEnv): string {
  const unprotected = environment["CI_COMMIT_REF_PROTECTED"] === "false";
  return unprotected
    ? "this branch is not protected, so protected variables are missing"
    : "a protected variable is missing on an unprotected branch, and so is one whose scope is another environment";
}

/** What goes wrong with values of GitLab's variables (F116). */
export const expansionHint =
  "GitLab expands a '$' in a CI variable unless the variable is raw ('Expand variable reference' off) or of the type File";
