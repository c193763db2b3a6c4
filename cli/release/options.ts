import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ListedArgument } from "../../config/release/build-arguments.ts";
import type { GivenImage } from "../../config/release/built.ts";
import type { MetadataFile } from "../../config/release/metadata.ts";
import type { Release } from "../../model/stack/release.ts";
import type * as declared from "../declaration/images.ts";
import type { CallOf } from "../commands/command.ts";
import { usageError } from "../options.ts";

/** What `slipway release` is told of a release. */
export interface ReleaseOptions {
  /** What was given for each service. */
  readonly images: Readonly<Record<string, GivenImage>>;
  readonly metadata: readonly MetadataFile[];
  readonly version: string | undefined;
  readonly commit: string | undefined;
  readonly schema: Release["schema"];
  readonly listed: readonly ListedArgument[];
  readonly out: string | undefined;
}

/** Reads the options of `slipway release`, or refuses the words. */
export function releaseOptions({ options, folder }: CallOf<typeof declared.release>): ReleaseOptions {
  const { image = [], metadata = [], version, commit, out } = options;
  if (image.length === 0 && metadata.length === 0 && version === undefined)
    throw usageError("--image", "is missing", "name each service of the release, such as web=1.4.2, or use --metadata");
  return {
    images: imagesOf(image),
    metadata: metadata.map((word) => metadataFile(folder, word)),
    ...{ version, commit, out },
    schema: schemaOf(options),
    listed: [
      ...(options["build-argument"] ?? []).map((word) => listed("--build-argument", word)),
      ...(options["environment-argument"] ?? []).map((word) => listed("--environment-argument", word)),
    ],
  };
}

function imagesOf(words: readonly string[]): Readonly<Record<string, GivenImage>> {
  const images = new Map<string, GivenImage>();
  for (const word of words) {
    const [, service = "", value = ""] = /^([^=]+)=(.+)$/s.exec(word) ?? [];
    if (service === "")
      throw usageError("--image", `is not a service and an image, got '${word}'`, "write it as web=1.4.2");
    if (images.has(service)) throw usageError(`--image ${service}`, "is given twice", "keep one of them");
    images.set(service, { path: `--image ${service}`, value });
  }
  return Object.fromEntries(images);
}

/** A file, or a service and the file of its build. */
function metadataFile(folder: string, word: string): MetadataFile {
  const [, service, file = word] = /^([\w.-]+)=(.+)$/s.exec(word) ?? [];
  return { file, service, text: textOf(resolve(folder, file)) };
}

/** The text of a build's metadata, which has a few kilobytes; undefined if there is no such file. */
function textOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size < 1 << 24 ? readFileSync(file, "utf8") : undefined;
}

function schemaOf({ schema, contract = false }: { readonly schema?: string; readonly contract?: boolean }) {
  if (!contract) return schema;
  if (schema === undefined)
    throw usageError("--contract", "is about the schema, and none is named", "add --schema <migration>");
  return { head: schema, contract: true } as const;
}

function listed(option: string, word: string): ListedArgument {
  const [, name = "", , value] = /^([A-Za-z_]\w*)(=(.*))?$/s.exec(word) ?? [];
  if (name === "") throw usageError(option, `is not the name of a build argument, got '${word}'`, "write it as NAME");
  return { option, name, value, isOfEnvironment: option === "--environment-argument" };
}
