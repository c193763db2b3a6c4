import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { replaceFile } from "../../config/replace-file.ts";
import { releaseImages, releaseOf, releaseText, type ReleaseImage } from "../../config/release/document.ts";
import { UserError, type Problem } from "../../model/problem.ts";
import { lookUpImages, type LookUps } from "../../registry/look-up.ts";
import { exitCodes } from "../exit-code.ts";
import { unknownWords, usageError } from "../options.ts";
import { print } from "../output.ts";
import { readProjectImages, withoutRepeats, withRegistries } from "../project-images.ts";
import type { Call, Command } from "./command.ts";

/** `slipway release`: writes the release document from tags, which it looks up in their registries. */
export const release: Command = {
  name: "release",
  usage: "[--image <service>=<tag> …] [--version <version>] [--commit <hash>] [--out <file>]",
  summary: "looks up the images of a release, and writes the release document",
  details: [
    "",
    "Each --image names a service and its image: registry/repository:tag, or the tag alone, where the compose file",
    "names the rest. Services with the same image in the compose file get the same. One that the compose file names by",
    "digest needs none.",
    "--version names the release; unless given, it is the tag that all images have in common.",
    "--commit is the commit that was built. --out is the file; unless given, it is the one of `release.file`.",
    "It reads the compose files of the named stacks, or of all, and needs neither key, state nor server.",
    "docs/releases.md shows the document.",
  ],
  run: writeRelease,
};

interface ReleaseOptions {
  /** What was given for each service. */
  readonly images: Readonly<Record<string, string>>;
  readonly version: string | undefined;
  readonly commit: string | undefined;
  readonly out: string | undefined;
}

async function writeRelease(call: Call): Promise<number> {
  const { images: given, version, commit, out } = optionsOf(call);
  const { root, stacks } = await readProjectImages(call);
  const { images, problems } = releaseImages(stacks, given);
  const found = await withRegistries(stacks, call.environment, (client) => lookUpImages(client, images));
  const byService = images.map(({ service, image }) => [service, found.images.get(image)?.name ?? image] as const);
  const { release, problems: further } = releaseOf({ version, commit, images: Object.fromEntries(byService) });
  const all = withoutRepeats([...problems, ...found.problems, ...withoutImages(further)]);
  if (release === undefined || all.length > 0) throw new UserError(all);
  for (const image of images) print(lineOf(image, found));
  const file = out === undefined ? resolve(root, stacks[0]?.draft.release.file ?? "release.json") : resolve(out);
  replaceFile(file, releaseText(release));
  print(`release ${release.version}: wrote ${file}`);
  return exitCodes.done;
}

/** Images that were not found are told by the look-up, with the reason. */
function withoutImages(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ path }) => !path.startsWith("--images"));
}

function lineOf({ service, image }: ReleaseImage, { images }: LookUps): string {
  const { name = image, version, platforms = [] } = images.get(image) ?? {};
  const short = name.replace(/(@sha256:.{12}).*$/, "$1…");
  return `  ${service}: ${short} (${[...(version === undefined ? [] : [version]), ...platforms].join(", ")})`;
}

function optionsOf(call: Call): ReleaseOptions {
  const { image = [], version, commit, out } = parsed(call);
  if (image.length === 0 && version === undefined)
    throw usageError("--image", "is missing", "name each service of the release, such as web=1.4.2");
  const images = new Map<string, string>();
  for (const word of image) {
    const [, service = "", value = ""] = /^([^=]+)=(.+)$/s.exec(word) ?? [];
    if (service === "")
      throw usageError("--image", `names no service and image, got '${word}'`, "write it as web=1.4.2");
    if (images.has(service)) throw usageError(`--image ${service}`, "is there twice", "keep one of them");
    images.set(service, value);
  }
  return { images: Object.fromEntries(images), version, commit, out };
}

function parsed(call: Call) {
  const text = { type: "string" } as const;
  const options = { image: { ...text, multiple: true }, version: text, commit: text, out: text } as const;
  try {
    return parseArgs({ args: [...call.words], options }).values;
  } catch (error) {
    throw unknownWords(call, "release", error);
  }
}
