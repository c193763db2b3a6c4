import { resolve } from "node:path";
import { releaseImages, releaseOf, releaseText, type ReleaseImage } from "../../config/release/document.ts";
import { replaceFile, requireReplaceable } from "../../config/whole-file.ts";
import { UserError, type Problem } from "../../model/problem.ts";
import { lookUpImages, type LookUps } from "../../registry/look-up.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../options.ts";
import { print } from "../output.ts";
import { readProjectImages, withoutRepeats, withRegistries } from "../project-images.ts";
import * as declared from "../declaration/images.ts";
import { command, type Answer, type CallOf } from "./command.ts";

/** `slipway release`: writes the release document from tags, which it looks up in their registries. */
export const release = command(declared.release, writeRelease);

interface ReleaseOptions {
  /** What was given for each service. */
  readonly images: Readonly<Record<string, string>>;
  readonly version: string | undefined;
  readonly commit: string | undefined;
  readonly out: string | undefined;
}

async function writeRelease(call: CallOf<typeof declared.release>): Promise<Answer> {
  const { images: given, version, commit, out } = optionsOf(call);
  const { root, stacks } = await readProjectImages(call);
  const file = out === undefined ? resolve(root, stacks[0]?.draft.release.file ?? "release.json") : resolve(out);
  const place = out === undefined ? file : "--out";
  requireReplaceable(file, place); // before registries are asked
  const { images, problems } = releaseImages(stacks, given);
  const found = await withRegistries(stacks, call.environment, (client) => lookUpImages(client, images));
  const byService = images.map(({ service, image }) => [service, found.images.get(image)?.name ?? image] as const);
  const { release, problems: further } = releaseOf({ version, commit, images: Object.fromEntries(byService) });
  const ofImages = [...problems, ...found.problems];
  // Images that are wrong have no tag in common, and the right ones may have one.
  const ofRelease = ofImages.length > 0 && version === undefined ? [] : withoutImages(further);
  const all = withoutRepeats([...ofImages, ...ofRelease]);
  if (release === undefined || all.length > 0) throw new UserError(all);
  replaceFile(file, releaseText(release), { place });
  const lines = [...images.map((image) => lineOf(image, found)), `release ${release.version}: wrote ${file}`];
  return { exitCode: exitCodes.done, json: { file, release }, show: () => lines.forEach((line) => print(line)) };
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

function optionsOf({ options }: CallOf<typeof declared.release>): ReleaseOptions {
  const { image = [], version, commit, out } = options;
  if (image.length === 0 && version === undefined)
    throw usageError("--image", "is missing", "name each service of the release, such as web=1.4.2");
  const images = new Map<string, string>();
  for (const word of image) {
    const [, service = "", value = ""] = /^([^=]+)=(.+)$/s.exec(word) ?? [];
    if (service === "")
      throw usageError("--image", `is not a service and an image, got '${word}'`, "write it as web=1.4.2");
    if (images.has(service)) throw usageError(`--image ${service}`, "is given twice", "keep one of them");
    images.set(service, value);
  }
  return { images: Object.fromEntries(images), version, commit, out };
}
