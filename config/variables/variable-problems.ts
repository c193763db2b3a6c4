import { envFileProblems } from "../../model/stack/env/env-file.ts";
import type { Problem } from "../../model/problem.ts";
import type { EnvSource } from "../../secrets/source/env-source.ts";
import { ownPlaceholder, subjectOf, type FoundVariable } from "../../secrets/source/found-variable.ts";

/** The variables that slipway sets, and those among them that hold a host port of the compose file. */
interface OwnVariables {
  readonly own: Readonly<Record<string, string>>;
  readonly ofPorts?: Readonly<Record<string, string>> | undefined;
}

/** Variables that the env file cannot hold, and variables that are set twice with different values. */
export function variableProblems(
  plain: readonly FoundVariable[],
  source: Pick<EnvSource, "kind" | "variables">,
  own: OwnVariables,
): Problem[] {
  const configured = new Map(plain.map(({ name, value }) => [name, value]));
  return [
    ...plain.flatMap((variable) => [...faults(variable), ...contradiction(variable, own, `'${variable.value ?? ""}'`)]),
    ...source.variables.flatMap((variable) => [
      ...faults(variable),
      ...contradiction(variable, own, "a value that is kept secret"),
      ...saidTwice(variable, configured.get(variable.name), source.kind),
    ]),
  ];
}

/** What no env file can hold. */
export function faults(variable: FoundVariable): Problem[] {
  const { name, value, place } = variable;
  const found = envFileProblems(value === undefined ? [] : [{ name, value }], "env");
  return found.map(({ what, todo }) => ({ path: place, what: `${subjectOf(variable)}${what}`, todo }));
}

/** Variables that still have the value of `slipway env init` or `slipway new`, where no contract tells. */
export function unsetPlaceholders(variables: readonly FoundVariable[]): Problem[] {
  return variables
    .filter(({ value }) => value === ownPlaceholder)
    .map((variable) => ({
      path: variable.place,
      what: `${subjectOf(variable)}is a placeholder`,
      todo: "set the real value, or remove it",
    }));
}

function contradiction(variable: FoundVariable, { own, ofPorts }: OwnVariables, got: string): Problem[] {
  const written = own[variable.name];
  if (written === undefined || variable.value === undefined || written === variable.value) return [];
  if (ofPorts?.[variable.name] !== undefined) {
    // It may be more than a port, such as a password that stands there by mistake.
    const said = `which ports has as '${written}', got ${got}`;
    const what = `${subjectOf(variable)}is a host port of the compose file, ${said}`;
    const todo = "remove it, write its value in ports, or name another variable in the compose file";
    return [{ path: variable.place, what, todo }];
  }
  const what = `${subjectOf(variable)}is set by slipway to '${written}', got ${got}`;
  return [{ path: variable.place, what, todo: "remove it" }];
}

/**
 * The problem of a variable that both its source and the stack's file set. While variables move from one to the other,
 * both may have the same value; secret config is part of the stack's file, so there the name alone is a problem.
 */
function saidTwice(variable: FoundVariable, configured: string | undefined, kind: EnvSource["kind"]): Problem[] {
  if (configured === undefined || variable.value === undefined) return [];
  if (kind !== "config" && configured === variable.value) return [];
  const what = `${subjectOf(variable)}is also set in variables`;
  return [
    { path: variable.place, what: kind === "config" ? what : `${what}, with another value`, todo: "keep one of them" },
  ];
}

/** The problems of variables, and those among them that may hide any variable. */
interface ProblemsOfVariables {
  readonly problems: readonly Problem[];
  /** Those of files and sources that could not be read. */
  readonly ofSources: readonly Problem[];
}

/** The problems that may change the value of one of these variables. */
export function problemsAbout(names: ReadonlySet<string>, { problems, ofSources }: ProblemsOfVariables): Problem[] {
  if (names.size === 0) return [];
  const named = new RegExp(`(?<!\\w)(${[...names].join("|")})(?!\\w)`);
  return problems.filter((problem) => ofSources.includes(problem) || named.test(`${problem.path} ${problem.what}`));
}
