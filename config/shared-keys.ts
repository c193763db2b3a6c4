import type { Problem } from "../model/problem.ts";
import { isMap, parseJson } from "../model/json.ts";
import { readProjectFiles, readStackFiles, type ProjectFiles } from "./stack-files.ts";
import { expandVariables } from "./variables/expand.ts";

/**
 * Requires that a stack whose keys a merge request's job holds is not protected, and shares neither its server nor its
 * backend with a protected stack of the project: its keys would open that one, too (SEC-A6). Two stacks that name their
 * server by the same variable count as sharing it: another environment's value is not known here.
 */
export function ensureKeysOpenNoProtectedStack(
  folder: string,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Problem[] {
  const files = readProjectFiles(folder);
  const own = protectionOf(files, stack, environment);
  const why = "and the job of a merge request would hold its keys";
  if (own.protected) {
    return [{ path: stack, what: `is protected, ${why}`, todo: wayOut("protected", stack) }];
  }
  return files.stacks
    .filter((other) => other !== stack)
    .flatMap((other): Problem[] => {
      const theirs = protectionOf(files, other, environment);
      if (!theirs.protected) return [];
      const shared = own.addresses.filter((address) => theirs.addresses.includes(address));
      const things = [
        ...shared.map((address) => `the server '${address}'`),
        ...(files.backend === undefined ? [] : ["the backend of Pulumi.yaml"]),
      ];
      if (things.length === 0) return [];
      const what = `shares ${things.join(" and ")} with ${other}, which is protected, ${why}`;
      return [{ path: stack, what, todo: wayOut("shared", stack) }];
    });
}

function wayOut(input: "protected" | "shared", stack: string): string {
  return (
    `give its templates in .gitlab-ci.yml the input '${input}: true', with which merge requests get its plan ` +
    `without keys, and protect the variables of the environment ${stack}`
  );
}

interface Protection {
  readonly protected: boolean;
  /** The addresses of its servers; a variable that is not set stays as it is written. */
  readonly addresses: readonly string[];
}

function protectionOf(files: ProjectFiles, stack: string, environment: NodeJS.ProcessEnv): Protection {
  const { texts } = readStackFiles(files, stack);
  const hosts = [parseJson(texts["host"] ?? ""), ...Object.values(mapIn(parseJson(texts["hosts"] ?? "")))];
  const addresses = hosts.flatMap((host) => {
    const { value } = expandVariables("host.address", mapIn(host)["address"], environment);
    return typeof value === "string" && value !== "" ? [value.toLowerCase()] : [];
  });
  return { protected: texts["protected"] === "true", addresses };
}

function mapIn(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}
