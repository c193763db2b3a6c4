import { Buffer } from "node:buffer";
import type { Deployment } from "../stack/deployment.ts";
import { withMigration } from "../stack/migration.ts";
import { colourWord, generationWord } from "../stack/names.ts";
import { releaseServices } from "../stack/ports.ts";
import type { Problem } from "../problem.ts";
import { mountsOf } from "../stack/mounts.ts";
import { secretsOf } from "../stack/secrets.ts";
import type { RenderedFile } from "./rendered.ts";
import { secretFolder } from "../stack/secret-file.ts";

/** The files of the repository that these services mount, by their path below the project's directory. */
export function deliveredFiles(deployment: Deployment, services: readonly string[]): Record<string, RenderedFile> {
  const files = services
    .flatMap((service) => mountsOf(deployment, service))
    .flatMap((mount) => (mount.type === "file" ? mount.files : []))
    .map(({ path, content, executable }) => [path, { mode: executable ? "0755" : "0644", content }] as const);
  return Object.fromEntries(files);
}

/** Files that cannot be delivered, because slipway keeps their place or their words for itself. */
export function fileProblems(deployment: Deployment): Problem[] {
  const whole = withMigration(deployment);
  const released = releaseServices(deployment);
  const ofFolder = releaseServices(whole); // the migration has a folder of its own, as each colour has
  const shared = Object.keys(deployment.application.services).filter((service) => !released.includes(service));
  const folders = ["proxy", "blue", "green", ...(deployment.migration === undefined ? [] : ["migration"])];
  return [
    ...shared.flatMap((service) => placeProblems(deployment, service, keptPlaces(deployment, shared, folders))),
    ...ofFolder.flatMap((service) => placeProblems(whole, service, keptPlaces(whole, ofFolder, []))),
    ...Object.entries(deliveredFiles(deployment, released)).flatMap(([path, { content }]) =>
      wordProblems(path, content),
    ),
  ];
}

/** A stack without secret files may have a folder `secrets` of its own. */
function keptPlaces(deployment: Deployment, services: readonly string[], folders: readonly string[]): RegExp {
  const hasSecrets = services.some((service) => secretsOf(deployment, service).length > 0);
  const kept = [...folders, ...(hasSecrets ? [secretFolder] : [])].map((folder) => `${folder}(/.*)?`);
  return new RegExp(`^(${["\\.", "compose\\.yaml", "\\.env", ...kept].join("|")})$`);
}

function placeProblems(deployment: Deployment, service: string, kept: RegExp): Problem[] {
  const mounts = mountsOf(deployment, service).filter((mount) => mount.type === "file");
  const taken = mounts
    .flatMap(({ source, files }) => [source, ...files.map(({ path }) => path)])
    .filter((path) => kept.test(path));
  return [...new Set(taken)].map((path) => ({
    path: `compose.services.${service}.volumes`,
    what: `mount a file where slipway keeps its own on the server, got '${path}'`,
    todo: "move it to another folder of the repository",
  }));
}

function wordProblems(path: string, content: Uint8Array): Problem[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return [colourWord, generationWord]
    .filter((word) => bytes.includes(word))
    .map((word) => ({
      path,
      what: `holds a word that slipway fills in, got '${word}'`,
      todo: "write it in another way",
    }));
}
