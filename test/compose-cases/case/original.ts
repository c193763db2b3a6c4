import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProjectFiles, readStackFiles } from "../../../config/stack-files.ts";
import { isList, isMap, parseJson } from "../../../model/json.ts";
import type { Compose, ComposeResult } from "./compose.ts";
import type { CasePlace } from "./place.ts";

/** The stack's configuration as far as the comparison needs it. */
export interface CaseConfig {
  readonly project: string;
  readonly directory: string;
  readonly files: readonly string[];
  /** The values of other keys, by key. */
  readonly keys: Readonly<Record<string, unknown>>;
}

/** The default names of Compose files. */
const usualNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** Reads the configuration of a case. */
export function readCaseConfig({ repository }: CasePlace): CaseConfig {
  const { texts } = readStackFiles(readProjectFiles(repository), "production");
  const keys = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, parseJson(text) ?? text]));
  const { project = "", directory = "", compose } = texts;
  const [usual = "compose.yaml"] = usualNames.filter((name) => existsSync(join(repository, name)));
  const list = compose === undefined ? [usual] : parseJson(compose);
  const files = isList(list) ? list.map(String) : [compose ?? usual];
  return { project, directory, files, keys };
}

/** The names of the services that the stack's configuration names, so that their profiles count as asked for. */
function namedServices({ keys }: CaseConfig): ReadonlySet<string> {
  const { services, ports, migration } = keys;
  const migrations = isMap(migration) ? [migration["service"]] : [];
  const names = [services, ports].flatMap((key) => (isMap(key) ? Object.keys(key) : []));
  return new Set([...names, ...migrations.map(String)]);
}

/** What Compose itself makes of a case's files, with the values that the stack has. */
export async function readOriginal(
  place: CasePlace,
  config: CaseConfig,
  compose: Compose,
  envText: string,
): Promise<ComposeResult> {
  // Compose looks for `.env` by itself; this one is not a part of the folder, which a service may mount.
  const envFile = join(place.folder, `${compose.version}.env`);
  writeFileSync(envFile, envText);
  const { project, files, keys } = config;
  const { profiles } = keys;
  const asked = { named: namedServices(config), profiles: isList(profiles) ? profiles.map(String) : [] };
  return await compose.config({ folder: place.original, files, project, envFile, ...asked, missingEnvFile: envText });
}
