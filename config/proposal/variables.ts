import { isSecretName } from "../../model/policy/secret-name.ts";
import { hasRules } from "../../secrets/contract/contract.ts";
import type { ReadStack } from "../assemble.ts";
import type { ProposedKeys } from "./keys.ts";

/** Adds the variables that compose files or the contract need, and that nothing sets, to those of a proposal. */
export function withVariables(
  { variables, secrets }: Pick<ProposedKeys, "variables" | "secrets">,
  { wanted, variables: read }: Pick<ReadStack, "wanted" | "variables">,
): Pick<ProposedKeys, "variables" | "secrets"> {
  const { contract } = read;
  const required = contract !== undefined && hasRules(contract) ? [...contract.variables.values()] : [];
  const found = [...read.source.variables, ...read.defaults.variables].map(nameOf);
  const there = new Set([...variables, ...Object.keys(read.configured), ...found]);
  const missing = required.filter(({ name, owner, optional }) => {
    return owner === "source" && optional !== true && !there.has(name);
  });
  const isSecret = (name: string): boolean => contract?.variables.get(name)?.secret ?? mayBeSecret(name);
  const names = [...wanted.flatMap((one) => (one.kind === "variable" ? [one.name] : [])), ...missing.map(nameOf)];
  return {
    variables: merged(
      variables,
      names.filter((name) => !isSecret(name)),
    ),
    secrets: merged(secrets, names.filter(isSecret)),
  };
}

/** The variables of a stack that something needs and nothing sets. */
export function missingVariables(read: ReadStack): Pick<ProposedKeys, "variables" | "secrets"> {
  return withVariables({ variables: [], secrets: [] }, read);
}

/** All of both, each once, sorted. */
export function merged(before: readonly string[] = [], more: readonly string[] = []): string[] {
  return [...new Set([...before, ...more])].sort();
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

/** A name that may be a secret's counts as one: a secret that got into git stays there. */
function mayBeSecret(name: string): boolean {
  return isSecretName(name) || (/(KEY|PASS|PWD|SALT|DSN)$/i.test(name) && !/PUBLI[CS]/i.test(name));
}
