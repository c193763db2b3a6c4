import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../model/problem.ts";
import { hasRules, readContract, type Contract } from "./contract.ts";

/** A file with a usual path. If the stack names it, it has to exist. */
export interface NamedFile {
  readonly path: string;
  readonly named: boolean;
}

/** The contract of a stack, or the reason why there is none. */
interface FoundContract {
  readonly contract: Contract | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Reads the contract of a stack; it is undefined if the usual file does not exist. */
export function findContract(root: string, { path, named }: NamedFile): FoundContract {
  const file = join(root, path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) {
    const { contract, problems } = readContract(path, readFileSync(file));
    const isExample = problems.length === 0 && !hasRules(contract);
    return { contract, problems, notes: isExample ? [`${path} has no rules: variables are not checked by it`] : [] };
  }
  if (!named) return { contract: undefined, problems: [], notes: [`there is no ${path}: variables are not checked`] };
  const what = `names a file that does not exist, got '${path}'`;
  return { contract: undefined, problems: [{ path: "env.contract", what, todo: "correct the path" }], notes: [] };
}
