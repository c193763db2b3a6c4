import type { Problem } from "../../model/problem.ts";
import { isReservedName, reservedName } from "../../model/reserved-name.ts";
import type { Release } from "../../model/stack/release.ts";
import type { BuiltImage } from "./metadata.ts";

/** A build argument that a release lists. */
export interface ListedArgument {
  /** The option that names it. */
  readonly option: string;
  readonly name: string;
  /** Undefined if the build tells it. */
  readonly value: string | undefined;
  /** Images with it run in one environment alone. */
  readonly isOfEnvironment: boolean;
}

interface ReadArguments {
  /** Undefined if none is listed. */
  readonly buildArguments: Release["buildArguments"];
  readonly problems: readonly Problem[];
}

/**
 * The build arguments of a release: as given, as the provenance of the builds tells, or, as with `docker build
 * --build-arg NAME`, as the variable of the environment. Others are never listed, since some builds get secrets.
 */
export function buildArgumentsOf(
  listed: readonly ListedArgument[],
  built: readonly BuiltImage[],
  environment: NodeJS.ProcessEnv,
): ReadArguments {
  const problems: Problem[] = [];
  const values = new Map<string, { readonly value: string; readonly isOfEnvironment: boolean }>();
  for (const one of [...listed].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const value = valueOf(one, built, environment);
    if (typeof value === "string") values.set(one.name, { value, isOfEnvironment: one.isOfEnvironment });
    else problems.push(value);
  }
  const entries = [...values].map(([name, { value, isOfEnvironment }]) => {
    return [name, isOfEnvironment ? { value, environment: true as const } : value] as const;
  });
  return { buildArguments: entries.length === 0 ? undefined : Object.fromEntries(entries), problems };
}

function valueOf(
  { option, name, value }: ListedArgument,
  built: readonly BuiltImage[],
  environment: NodeJS.ProcessEnv,
): string | Problem {
  const path = `${option} ${name}`;
  if (isReservedName(name)) return reservedName(path, name);
  const told = [...new Set(built.flatMap((image) => image.arguments[name] ?? []))];
  if (told.length > 1)
    return {
      path,
      what: "has different values in several images",
      todo: "give each value its own name, or leave it out",
    };
  const [ofBuild] = told;
  if (value !== undefined && ofBuild !== undefined && value !== ofBuild)
    return { path, what: "is not the value that the build's metadata has", todo: "leave the value out" };
  const found = value ?? ofBuild ?? environment[name];
  if (found !== undefined) return found;
  const what = "has no value: the build's metadata does not tell it, and no such variable is set";
  return { path, what, todo: `write it as ${name}=value, or set the variable in this job as in that of the build` };
}
