import { absentHint, ciVariables, expansionHint } from "./ci-variables.ts";
import { commandSource } from "./command.ts";
import type { EnvRequest, EnvSource } from "./env-source.ts";
import { encryptedFile } from "../encrypted-file.ts";

/**
 * Reads the variables of an environment from the first source that is there: the encrypted file, the command, secret config, the CI's own variables (A1, B7, C11,
 * D6). A source that is there and fails is an error; the next one is never tried.
 */
export async function readSource(request: EnvRequest): Promise<EnvSource> {
  const source = await chosen(request);
  const shadowed = source.kind === "ci" ? [] : shadows(request, source);
  return { ...source, notes: [...source.notes, ...shadowed] };
}

async function chosen(request: EnvRequest): Promise<EnvSource> {
  const { settings, secrets } = request;
  const file = await encryptedFile(request);
  if (file !== undefined) return file;
  if (settings.command !== undefined) return await commandSource(request, settings.command);
  return request.sealed || Object.keys(secrets).length > 0 ? configSource(request) : ciSource(request);
}

function configSource({ secrets, sealed }: EnvRequest): EnvSource {
  const all = Object.entries(secrets).map(([name, value]) => ({ name, value, place: `secrets.${name}` }));
  return {
    ...{ name: "secret config", kind: "config", notes: [], problems: [] },
    variables: all.filter(({ value }) => value !== ""),
    empty: all.filter(({ value }) => value === ""),
    closed: sealed || all.some(({ value }) => value === undefined),
    add: (variable) => `set it: \`pulumi config set --secret --path secrets.${variable} < file\``,
  };
}

/** The source that the CI's own variables are (B7). */
export function ciSource({ contract, process, offline, environment }: EnvRequest): EnvSource {
  const { variables, empty } = ciVariables(contract, process);
  const elsewhere = process["GITLAB_CI"] !== undefined && process["CI_ENVIRONMENT_NAME"] !== environment;
  return {
    ...{ name: "CI variables", kind: "ci", notes: [], problems: [], variables, empty },
    // Away from the pipeline of this environment its variables are not there, and nothing can be said of them.
    closed: offline && (elsewhere || variables.length === 0),
    add: (variable) => `set ${variable} for this environment; ${absentHint(process)}`,
    hint: expansionHint,
  };
}

/** F117: what the CI knows as well, by name; the source that won is the one that counts. */
function shadows({ contract, process }: EnvRequest, { name, variables }: EnvSource): string[] {
  const own = new Set(variables.map((variable) => variable.name));
  const both = ciVariables(contract, process).variables.filter((variable) => own.has(variable.name));
  return both.length === 0
    ? []
    : [`${name} wins over the CI's variables for ${both.map((variable) => variable.name).join(", ")}`];
}
