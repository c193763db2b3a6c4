import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readAgeKeys, type AgeKeys } from "../../secrets/age/key.ts";
import { readSops, type ReadSops } from "../../secrets/sops/read.ts";

/** Reads a file that sops 3.11 wrote. Keys are stored as base64, so that no scan for secrets reports them. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");
}

/** The keys that open the fixtures, or those of a second recipient, which open only the file for two. */
export async function fixtureKeys(name: "first" | "second" = "first"): Promise<AgeKeys> {
  const { keys } = await readAgeKeys({ SOPS_AGE_KEY_B64: fixture(`${name}-key.b64`) });
  if (keys === undefined) throw new Error("the fixture's key is wrong");
  return keys;
}

/** The values of the fixtures: every kind that SOPS' dotenv form can carry. */
export const fixtureValues = {
  POSTGRES_PASSWORD: 'correct horse $battery "staple" #1',
  PEM: "-----BEGIN X-----\nAAAA\n-----END X-----",
  SPACES: "  two before, two behind  ",
  UNICODE: "grüße 日本 🚀",
  EQUALS: "a=b=c",
  SITE_NAME: "Trial",
};

/** The values of a file by name. */
export function valuesOf({ content }: ReadSops): Record<string, string | undefined> {
  return Object.fromEntries((content?.variables ?? []).map(({ name, value }) => [name, value]));
}

/** Lists the problems of a file, one line each. */
export async function faultsOf(text: string, keys: AgeKeys | undefined): Promise<string[]> {
  const { problems } = await readSops("staging.env.enc", text, keys);
  return problems.map(({ path, what, todo }) => `${path}: ${what}; ${todo}`);
}
