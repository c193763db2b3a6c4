import { createHash } from "node:crypto";

/** By name: sums of the variables that are no secrets, by which a plan without the key tells that one of them changed. Never of a secret: no key is in them. */
export function plainSums(variables: Readonly<Record<string, string>>): Record<string, string> {
  const sum = (value: string): string => createHash("sha256").update(value).digest("hex").slice(0, 16);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, sum(value)]));
}
