import { createHash } from "node:crypto";

/**
 * Sums of the variables that are not secret, by name, with which a plan without the HMAC key recognises a change. They
 * have no key, so they must never be made of a secret.
 */
export function plainSums(variables: Readonly<Record<string, string>>): Record<string, string> {
  const sum = (value: string): string => createHash("sha256").update(value).digest("hex").slice(0, 16);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, sum(value)]));
}
