import { z } from "zod";
import { isMap, parseJson } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import { digestForm, parseImageReference, type ImageReference } from "../../model/stack/images/reference.ts";

/** An image that a build has made, as its metadata tells. */
export interface BuiltImage {
  /** Its place in messages: the file, and the target if the build had several. */
  readonly path: string;
  /** The target of `docker buildx bake`, or the service that was given for the file. */
  readonly target: string | undefined;
  /** The names under which it was pushed; none if the builder does not tell them. */
  readonly names: readonly ImageReference[];
  /** Undefined if it was built and kept in no registry. */
  readonly digest: string | undefined;
  /** The build arguments that the provenance tells. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** A file that `--metadata-file` of `docker buildx` wrote. */
export interface MetadataFile {
  readonly file: string;
  /** The service whose image alone was built; undefined if the file tells it. */
  readonly service: string | undefined;
  /** Undefined if there is no such file. */
  readonly text: string | undefined;
}

interface ReadMetadata {
  readonly built: readonly BuiltImage[];
  readonly problems: readonly Problem[];
}

const given = z.record(z.string(), z.string());

/** The places of build arguments in the provenance of builders until and since SLSA 1. */
const provenance = z.object({
  invocation: z.object({ parameters: z.object({ args: given.nullish() }) }).nullish(),
  buildDefinition: z
    .object({ externalParameters: z.object({ request: z.object({ args: given.nullish() }).nullish() }).nullish() })
    .nullish(),
});

const image = z.object({
  "containerimage.digest": z.string().regex(digestForm).optional(),
  /** With commas between several. */
  "image.name": z.string().optional(),
  "buildx.build.provenance": provenance.optional().catch(undefined),
});

const isOfImage = (key: string): boolean => /^(containerimage|buildx|image)\./.test(key);

/** Reads what builds wrote about their images. */
export function readMetadata(files: readonly MetadataFile[]): ReadMetadata {
  const built: BuiltImage[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const read = readFile(file);
    if ("what" in read) problems.push(read);
    else built.push(...read);
  }
  return { built, problems };
}

function readFile({ file, service, text }: MetadataFile): readonly BuiltImage[] | Problem {
  const todo = "name the file that `docker buildx bake --metadata-file` or `docker buildx build --metadata-file` wrote";
  if (text === undefined) return { path: "--metadata", what: `names no file, got '${file}'`, todo };
  const value = parseJson(text);
  const wrong = { path: file, what: "is not the metadata of a build", todo };
  if (!isMap(value)) return wrong;
  const isOne = Object.keys(value).some(isOfImage);
  if (!isOne && service !== undefined) return severalTargets(file, service);
  const targets = isOne ? [[service, value] as const] : Object.entries(value).filter(([, one]) => isMap(one));
  const built: BuiltImage[] = [];
  for (const [target, one] of targets) {
    const parsed = image.safeParse(one);
    if (!parsed.success) return wrong;
    built.push(builtImage(isOne ? file : `${file}: ${String(target)}`, target, parsed.data));
  }
  return built.length === 0 ? wrong : built;
}

function severalTargets(file: string, service: string): Problem {
  const what = `is of a build with several targets, not of '${service}' alone`;
  return { path: file, what, todo: `write it as --metadata ${file}` };
}

function builtImage(path: string, target: string | undefined, data: z.output<typeof image>): BuiltImage {
  const names = (data["image.name"] ?? "").split(",").map((name) => parseImageReference(name.trim()));
  return {
    ...{ path, target, digest: data["containerimage.digest"] },
    names: names.filter((name) => name !== undefined),
    arguments: argumentsIn(data["buildx.build.provenance"]),
  };
}

const prefix = "build-arg:";

function argumentsIn(said: z.output<typeof provenance> | undefined): Readonly<Record<string, string>> {
  const args = said?.invocation?.parameters.args ?? said?.buildDefinition?.externalParameters?.request?.args ?? {};
  const own = Object.entries(args).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
