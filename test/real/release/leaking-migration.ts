import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { readImageLock } from "../../../config/images/lock.ts";
import { lockedImage } from "../../../model/stack/images/lock.ts";

/** Prints all variables in each form that a shell can make: as they are, quoted, as JSON, in base64, as digits. */
const script = String.raw`env; export -p
env | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g' -e 's/\r/\\r/g'
env | base64 -w 0; echo
env | od -An -v -tx1 | tr -d ' \n'; echo
exit 3`;

const releaseSchema = z.looseObject({ images: z.record(z.string(), z.string()) });

/** Makes a release whose migration prints all variables of the stack, and fails. */
export function makeMigrationLeak(folder: string, variables: readonly string[]): void {
  const releaseFile = join(folder, "release.json");
  const release = releaseSchema.parse(JSON.parse(readFileSync(releaseFile, "utf8")));
  const { lock } = readImageLock(readFileSync(join(folder, "slipway.lock"), "utf8"));
  const images = { ...release.images, migrate: lockedImage("postgres:17-alpine", lock) };
  writeFileSync(releaseFile, JSON.stringify({ ...release, version: "tells-all", images }));
  const composeFile = join(folder, "compose.yaml");
  const compose = parseDocument(readFileSync(composeFile, "utf8"));
  compose.setIn(["services", "migrate", "entrypoint"], ["sh", "-c"]);
  compose.setIn(["services", "migrate", "command"], [script.replaceAll("$", "$$")]);
  for (const name of variables) compose.setIn(["services", "migrate", "environment", name], `\${${name}}`);
  writeFileSync(composeFile, compose.toString());
}
