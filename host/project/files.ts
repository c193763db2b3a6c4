import { Buffer } from "node:buffer";
import type { Body } from "../../model/document/bodies.ts";
import { colourPlaceholder } from "../../model/placeholders.ts";
import { Failure } from "../failure.ts";
import type { DeliveredFile } from "../delivery/delivered-file.ts";
import type { Work } from "../work.ts";
import { envFileMode } from "../../model/env-folder.ts";
import { composeFileOf } from "../../model/server-places.ts";

/** The files of a project whose env files and secrets the session brings, as its document has them. */
type StagedProject = Pick<Body<"migration">, "compose" | "files" | "secrets"> & {
  readonly env: Readonly<Record<string, { readonly staged: string }>>;
};

/** A compose file, and the files that a document brings beside it. */
interface FilesOfProject {
  readonly compose: Uint8Array;
  readonly files?: Readonly<Record<string, Omit<DeliveredFile, "owner">>> | undefined;
  readonly after?: "release" | undefined;
}

/** The files of one colour of a release; without a colour, those of its migration. */
export function releaseFiles(
  body: StagedProject,
  work: Pick<Work, "secrets" | "number">,
  colour?: string,
): ReadonlyMap<string, DeliveredFile> {
  const compose = colour === undefined ? body.compose : fillColour(body.compose, colour);
  const env = Object.entries(body.env).map(([path, { staged }]): [string, DeliveredFile] => [
    path,
    { content: stagedBytes(staged, path, work), owner: "root", mode: envFileMode },
  ]);
  const secrets = Object.entries(body.secrets ?? {}).map(([path, { staged, owner, mode }]): [string, DeliveredFile] => [
    path,
    { content: stagedBytes(staged, path, work), owner, mode },
  ]);
  return new Map([...projectFiles({ compose, files: body.files }), ...env, ...secrets]);
}

/** A compose file, which people may read since it holds no values, and the files beside it. */
export function projectFiles({ compose, files = {}, after }: FilesOfProject): ReadonlyMap<string, DeliveredFile> {
  const beside = Object.entries(files).map(([path, file]): [string, DeliveredFile] => [
    path,
    { ...file, owner: "root" },
  ]);
  return new Map([...beside, [composeFileOf({ after }), { content: compose, owner: "root", mode: "0644" }]]);
}

/** The bytes that the session brought under a name, for the file at a path. */
export function stagedBytes(
  name: string,
  path: string,
  { secrets, number }: Pick<Work, "secrets" | "number">,
): Uint8Array {
  const content = secrets.get(name);
  if (content !== undefined) return content;
  const what = `the session brought nothing as '${name}' for '${path}' (document ${number})`;
  throw new Failure("secrets", `${what}; run \`pulumi up\` again`);
}

function fillColour(compose: Uint8Array, colour: string): Uint8Array {
  return Buffer.from(Buffer.from(compose).toString("utf8").replaceAll(colourPlaceholder, colour));
}
