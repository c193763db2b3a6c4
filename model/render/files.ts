import { Buffer } from "node:buffer";
import { envFileMode, envFolder, stackEnvFile } from "../env-folder.ts";
import type { Problem } from "../problem.ts";
import { colourPlaceholder, generationPlaceholder } from "../placeholders.ts";
import { ownFiles, ownFolders } from "../server-places.ts";
import { secretFolder } from "../stack/secrets.ts";
import type { StackService } from "../stack/service.ts";
import type { Stack } from "../stack/stack.ts";
import type { RenderedFile } from "./rendered.ts";

/** The files of the repository that services mount, have as a profile or read variables from, by path on the server. */
export function deliveredFiles(
  services: readonly Pick<StackService, "mounts" | "compose" | "envFiles">[],
): Record<string, RenderedFile> {
  const files = services
    .flatMap(({ mounts }) => mounts)
    .flatMap((mount) => (mount.type === "file" ? mount.files : []))
    .map(({ path, content, executable }) => [path, { mode: executable ? "0755" : "0644", content }] as const);
  const seccompProfiles = services
    .flatMap(({ compose }) => compose.seccompProfiles ?? [])
    .map(({ path, content }) => [path, { mode: "0644", content }] as const);
  const envFiles = services
    .flatMap((service) => service.envFiles)
    .flatMap((file): [string, RenderedFile][] =>
      file.from === "repository" ? [[file.path, { mode: envFileMode, content: file.content }]] : [],
    );
  return Object.fromEntries<RenderedFile>([...files, ...seccompProfiles, ...envFiles]);
}

/** Requires that delivered files neither take paths of slipway's own files nor contain its placeholders. */
export function ensureFilesAreDeliverable({ services }: Pick<Stack, "services">): Problem[] {
  const migrates = services.some(({ part }) => part === "migration");
  const folders = ownFolders.filter((folder) => migrates || folder !== "migration");
  const shared = services.filter(({ part }) => part === "shared");
  const released = services.filter(({ part }) => part === "release");
  // The migration and each colour have folders of their own, so they share no path with the shared services.
  const others = services.filter(({ part }) => part !== "shared");
  return [
    ...placeProblems(shared, folders),
    ...placeProblems(others, []),
    ...Object.entries(deliveredFiles(released)).flatMap(([path, { content }]) => contentProblems(path, content)),
  ];
}

function placeProblems(services: readonly StackService[], folders: readonly string[]): Problem[] {
  const reserved = reservedPlaces(services, folders);
  return services.flatMap((service) => takenPlaces(service, reserved));
}

/** The paths of slipway's own files. A stack without secret files may have a folder `secrets` of its own. */
function reservedPlaces(services: readonly StackService[], folders: readonly string[]): RegExp {
  const hasSecrets = services.some(({ secrets }) => secrets.length > 0);
  const hasEnvFiles = services.some(({ envFiles }) => envFiles.some(({ path }) => path !== stackEnvFile));
  const own = [...(hasSecrets ? [secretFolder] : []), ...(hasEnvFiles ? [envFolder] : [])];
  const literal = (path: string): string => path.replaceAll(".", "\\.");
  const below = [...folders, ...own].map((folder) => `${literal(folder)}(/.*)?`);
  return new RegExp(`^(${[".", ...ownFiles].map(literal).concat(below).join("|")})$`);
}

function takenPlaces({ name, mounts, compose }: StackService, reserved: RegExp): Problem[] {
  const mounted = mounts
    .filter((mount) => mount.type === "file")
    .flatMap(({ source, files }) => [source, ...files.map(({ path }) => path)]);
  const seccompProfiles = (compose.seccompProfiles ?? []).map(({ path }) => path);
  const taken = [...mounted, ...seccompProfiles].filter((path) => reserved.test(path));
  return [...new Set(taken)].map((path) => ({
    path: `compose.services.${name}.volumes`,
    what: `mount a file where slipway keeps its own on the server, got '${path}'`,
    todo: "move it to another folder of the repository",
  }));
}

function contentProblems(path: string, content: Uint8Array): Problem[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return placeholderProblems(path, (placeholder) => bytes.includes(placeholder));
}

/** Requires that fields of release services contain no placeholder that the server would fill in. */
export function ensureFieldsHoldNoPlaceholders({ services }: Pick<Stack, "services">): Problem[] {
  const released = services.filter(({ part }) => part === "release");
  return released.flatMap(({ name, compose }) => {
    const text = JSON.stringify(compose.fields);
    return placeholderProblems(`compose.services.${name}`, (placeholder) => text.includes(placeholder));
  });
}

function placeholderProblems(path: string, contains: (placeholder: string) => boolean): Problem[] {
  return [colourPlaceholder, generationPlaceholder].filter(contains).map((placeholder) => ({
    path,
    what: `contains a placeholder that slipway fills in, got '${placeholder}'`,
    todo: "write it in another way",
  }));
}
