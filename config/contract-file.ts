import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../model/problem.ts";
import { readContract, type Contract } from "../secrets/contract/contract.ts";

/** The contract of a stack, or why there is none. */
interface FoundContract {
  readonly contract: Contract | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Where the list of variables is, unless the stack says otherwise. */
const defaultContract = ".env.example";

/** Reads the contract that a stack names, or the one in the usual place. Only a named one has to exist. */
export function findContract(root: string, given: string | undefined): FoundContract {
  const file = given ?? defaultContract;
  const path = join(root, file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    return { ...readContract(file, readFileSync(path)), notes: [] };
  }
  if (given === undefined)
    return { contract: undefined, problems: [], notes: [`there is no ${file}: variables are not checked`] };
  const what = `names a file that is not there, got '${given}'`;
  return { contract: undefined, problems: [{ path: "env.contract", what, todo: "correct the path" }], notes: [] };
}
