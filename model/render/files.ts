import { Buffer } from "node:buffer";
import type { Problem } from "../problem.ts";
import { colourWord, generationWord } from "../stack/names.ts";
import { secretFolder } from "../stack/secrets.ts";
import type { StackService } from "../stack/service.ts";
import type { Stack } from "../stack/stack.ts";
import type { RenderedFile } from "./rendered.ts";

/** The files of the repository that these services mount, by their path below the project's directory. */
export function deliveredFiles(services: readonly Pick<StackService, "mounts">[]): Record<string, RenderedFile> {
  const files = services
    .flatMap(({ mounts }) => mounts)
    .flatMap((mount) => (mount.type === "file" ? mount.files : []))
    .map(({ path, content, executable }) => [path, { mode: executable ? "0755" : "0644", content }] as const);
  return Object.fromEntries(files);
}

/** Files can be delivered: slipway keeps neither their places nor their words for itself. */
export function ensureFilesHaveTheirPlaces({ services }: Pick<Stack, "services">): Problem[] {
  const migrates = services.some(({ part }) => part === "migration");
  const folders = ["proxy", "blue", "green", ...(migrates ? ["migration"] : [])];
  const shared = services.filter(({ part }) => part === "shared");
  const released = services.filter(({ part }) => part === "release");
  // The migration has a folder of its own, as each colour has.
  const ofFolder = services.filter(({ part }) => part !== "shared");
  return [
    ...placeProblems(shared, folders),
    ...placeProblems(ofFolder, []),
    ...Object.entries(deliveredFiles(released)).flatMap(([path, { content }]) => wordProblems(path, content)),
  ];
}

function placeProblems(services: readonly StackService[], folders: readonly string[]): Problem[] {
  const kept = keptPlaces(services, folders);
  return services.flatMap((service) => takenPlaces(service, kept));
}

/** A stack without secret files may have a folder `secrets` of its own. */
function keptPlaces(services: readonly StackService[], folders: readonly string[]): RegExp {
  const hasSecrets = services.some(({ secrets }) => secrets.length > 0);
  const kept = [...folders, ...(hasSecrets ? [secretFolder] : [])].map((folder) => `${folder}(/.*)?`);
  return new RegExp(`^(${["\\.", "compose\\.yaml", "\\.env", ...kept].join("|")})$`);
}

function takenPlaces({ name, mounts }: StackService, kept: RegExp): Problem[] {
  const taken = mounts
    .filter((mount) => mount.type === "file")
    .flatMap(({ source, files }) => [source, ...files.map(({ path }) => path)])
    .filter((path) => kept.test(path));
  return [...new Set(taken)].map((path) => ({
    path: `compose.services.${name}.volumes`,
    what: `mount a file where slipway keeps its own on the server, got '${path}'`,
    todo: "move it to another folder of the repository",
  }));
}

function wordProblems(path: string, content: Uint8Array): Problem[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return filledInProblems(path, (word) => bytes.includes(word));
}

/** Fields of release services hold no word that the server fills in. */
export function ensureFieldsKeepTheirWords({ services }: Pick<Stack, "services">): Problem[] {
  const released = services.filter(({ part }) => part === "release");
  return released.flatMap(({ name, compose }) => {
    const text = JSON.stringify(compose.fields);
    return filledInProblems(`compose.services.${name}`, (word) => text.includes(word));
  });
}

function filledInProblems(path: string, holds: (word: string) => boolean): Problem[] {
  return [colourWord, generationWord].filter(holds).map((word) => ({
    path,
    what: `holds a word that slipway fills in, got '${word}'`,
    todo: "write it in another way",
  }));
}
