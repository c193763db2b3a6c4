import { shortSum } from "../sum.ts";

/**
 * Sums of the variables that are not secret, by name, with which a plan without the HMAC key recognises a change. They
 * have no key, so they must never be made of a secret.
 */
export function plainSums(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, shortSum(value)]));
}
