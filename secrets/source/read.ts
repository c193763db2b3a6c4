import { absentHint, ciVariables, expansionHint } from "./ci-variables.ts";
import { commandSource } from "./command.ts";
import type { EnvRequest, EnvSource } from "./env-source.ts";
import { encryptedFile } from "./encrypted-file.ts";

/**
 * Reads the variables of an environment from the first source that exists: the encrypted file, the command, secret
 * config, the CI's own variables (A1, B7, C11, D6). If that source fails, it is an error; the next one is not tried.
 */
export async function readSource(request: EnvRequest): Promise<EnvSource> {
  const read = await chooseSource(request);
  const failed = read.problems.length > 0;
  const source: EnvSource = failed ? { ...read, names: "not known here", values: "not known here" } : read;
  const shadowed = source.kind === "ci" ? [] : shadowNotes(request, source);
  return { ...source, notes: [...source.notes, ...shadowed] };
}

async function chooseSource(request: EnvRequest): Promise<EnvSource> {
  const { settings, secrets } = request;
  if (request.purpose === "CI check") return ciSource(request);
  const file = await encryptedFile(request);
  if (file !== undefined) return file;
  if (settings.command !== undefined) return await commandSource(request, settings.command);
  const isConfig = secrets === "not known here" || Object.keys(secrets).length > 0;
  return isConfig || request.purpose === "proposal" ? configSource(secrets) : ciSource(request);
}

function configSource(secrets: EnvRequest["secrets"]): EnvSource {
  const names = secrets === "not known here" ? secrets : "known";
  const all = Object.entries(secrets === "not known here" ? {} : secrets).map(([name, value]) => ({
    name,
    value,
    place: `secrets.${name}`,
  }));
  return {
    ...{ name: "secret config", kind: "config", notes: [], problems: [] },
    variables: all.filter(({ value }) => value !== ""),
    empty: all.filter(({ value }) => value === ""),
    names,
    values: all.some(({ value }) => value === undefined) ? "not known here" : names,
    add: (variable) => `set it: \`pulumi config set --secret --path secrets.${variable} < file\``,
  };
}

/** The CI's own variables as a source (B7). */
function ciSource({ contract, process, purpose, environment }: EnvRequest): EnvSource {
  const { variables, empty } = ciVariables(contract, process);
  const elsewhere = process["GITLAB_CI"] !== undefined && process["CI_ENVIRONMENT_NAME"] !== environment;
  // Only a job of this environment has its variables, and an offline plan runs in any job.
  const here = !elsewhere && variables.length > 0;
  const known = purpose === "run" || (purpose !== "offline plan" && here) ? "known" : "not known here";
  return {
    ...{ name: "CI variables", kind: "ci", notes: [], problems: [], variables, empty, names: known, values: known },
    add: (variable) => `set ${variable} for this environment`,
    ...(process["GITLAB_CI"] !== undefined && { absent: absentHint(process), hint: expansionHint }),
  };
}

/** Notes variables that the CI sets as well; the other source counts (F117). */
function shadowNotes({ contract, process }: EnvRequest, { name, variables }: EnvSource): string[] {
  const own = new Set(variables.map((variable) => variable.name));
  const both = ciVariables(contract, process).variables.filter((variable) => own.has(variable.name));
  return both.length === 0
    ? []
    : [`${name} wins over the CI's variables for ${both.map((variable) => variable.name).join(", ")}`];
}
