import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Contract } from "../contract/contract.ts";
import type { FoundVariable } from "./found-variable.ts";

/** The CI's variables for the containers. */
interface CiVariables {
  readonly variables: readonly FoundVariable[];
  /** Declared names whose value is empty. */
  readonly empty: readonly FoundVariable[];
}

/** Picks the variables that the contract declares for the containers. All others belong to the machine (A1, B7). */
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

/**
 * The content of a GitLab variable of the type File. Its value is the path of a file with the variable's name; a final
 * line end is left out, since editors add one.
 */
function fileText(name: string, value: string): string | undefined {
  if (!value.startsWith("/") || basename(value) !== name) return undefined;
  try {
    return readFileSync(value, "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}

/** The usual reason why a GitLab variable is missing (F115, F116). */
export function absentHint(environment: NodeJS.ProcessEnv): string {
  const unprotected = environment["CI_COMMIT_REF_PROTECTED"] === "false";
  return unprotected
    ? "this branch is not protected, so protected variables are missing"
    : "a protected variable is missing on an unprotected branch, and so is one whose scope is another environment";
}

/** The usual reason why a GitLab variable has a wrong value (F116). */
export const expansionHint =
  "GitLab expands a '$' in a CI variable unless it is raw ('Expand variable reference' off) or of the type File";
