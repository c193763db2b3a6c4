import type { RenderedService } from "../render/rendered.ts";
import type { Stack } from "../stack/stack.ts";

/**
 * The fingerprints of what a service has in its environment. A value of the repository's may have one of the stack's
 * in it, so it may have both.
 */
export function environmentFingerprints(
  { variables: used, defaults }: RenderedService,
  variables: Stack["variables"],
): Record<string, string> {
  const ofStack = fingerprintsOf(used, variables);
  const ofRepository = Object.entries(defaults).map(([name, sum]): [string, string] => {
    const also = ofStack[name];
    return [name, also === undefined ? sum : `${sum}.${also}`];
  });
  return { ...ofStack, ...Object.fromEntries(ofRepository) };
}

/** The fingerprints of the variables that services use and the env file has. */
export function fingerprintsOf(names: readonly string[], variables: Stack["variables"]): Record<string, string> {
  const entries = names.flatMap((name): [string, string][] => {
    const fingerprint = variables[name];
    return fingerprint === undefined ? [] : [[name, fingerprint]];
  });
  return Object.fromEntries(entries);
}
