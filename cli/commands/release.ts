import { resolve } from "node:path";
import { buildArgumentsOf } from "../../config/release/build-arguments.ts";
import { imagesOfBuilds } from "../../config/release/built.ts";
import { releaseImages, releaseOf, releaseText, type ReleaseImage } from "../../config/release/document.ts";
import { readMetadata } from "../../config/release/metadata.ts";
import { replaceFile, requireReplaceable } from "../../config/whole-file.ts";
import { UserError, type Problem } from "../../model/problem.ts";
import type { Release } from "../../model/stack/release.ts";
import { greetRegistries, registriesOf } from "../../registry/greeting.ts";
import { lookUpImages, type LookUps } from "../../registry/look-up.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../options.ts";
import { print } from "../output.ts";
import { readProjectImages, withoutRepeats, withRegistries, type StackImages } from "../project-images.ts";
import { releaseOptions, type ReleaseOptions } from "../release/options.ts";
import * as declared from "../declaration/images.ts";
import { command, type Answer, type CallOf } from "./command.ts";

/** `slipway release`: writes the release document from what a build pushed, which it looks up in the registries. */
export const release = command(declared.release, (call) => (call.options.check === true ? check : writeRelease)(call));

async function writeRelease(call: CallOf<typeof declared.release>): Promise<Answer> {
  const options = releaseOptions(call);
  const { root, stacks } = await readProjectImages(call);
  const { out } = options;
  const file = out === undefined ? resolve(root, stacks[0]?.draft.release.file ?? "release.json") : resolve(out);
  const place = out === undefined ? file : "--out";
  requireReplaceable(file, place); // before registries are asked
  const { images, built, problems } = imagesFor(stacks, options);
  const found = await withRegistries(stacks, call.environment, (client) => lookUpImages(client, images));
  const { buildArguments, problems: ofArguments } = buildArgumentsOf(options.listed, built, call.environment);
  const byService = images.map(({ service, image }) => [service, found.images.get(image)?.name ?? image] as const);
  const said = { ...options, images: Object.fromEntries(byService), buildArguments };
  const { release, problems: further } = releaseOf(said);
  const ofImages = [...problems, ...found.problems];
  // Images that are wrong have no tag in common, and the right ones may have one.
  const ofRelease = ofImages.length > 0 && options.version === undefined ? [] : withoutImages(further);
  const all = withoutRepeats([...ofImages, ...ofArguments, ...ofRelease]);
  if (release === undefined || all.length > 0) throw new UserError(all);
  replaceFile(file, releaseText(release), { place });
  const lines = [...images.map((image) => lineOf(image, found)), ...furtherLines(release)];
  const show = (): void => [...lines, `release ${release.version}: wrote ${file}`].forEach((line) => print(line));
  return { exitCode: exitCodes.done, json: { file, release }, show };
}

/** The images of a release, from builds and as they were given. */
function imagesFor(stacks: readonly StackImages[], { images: given, metadata }: ReleaseOptions) {
  const { built, problems: ofFiles } = readMetadata(metadata);
  const services = stacks.flatMap(({ stack }) => stack.services);
  const { images: made, problems: ofBuilds } = imagesOfBuilds(services, built, Object.keys(given));
  const { images, problems } = releaseImages(stacks, { ...made, ...given });
  // A file that cannot be read may have had what is missing.
  return { images, built, problems: ofFiles.length > 0 ? ofFiles : [...ofBuilds, ...problems] };
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

/** What a release has besides its images. Values of build arguments are in the document. */
function furtherLines({ schema, buildArguments = {} }: Release): readonly string[] {
  const head = typeof schema === "object" ? `${schema.head}, which the release before cannot use` : schema;
  const names = Object.entries(buildArguments).map(([name, value]) => {
    return typeof value === "string" ? name : `${name} (of one environment)`;
  });
  return [
    ...(head === undefined ? [] : [`  schema: ${head}`]),
    ...(names.length === 0 ? [] : [`  build arguments: ${names.join(", ")}`]),
  ];
}

/** `slipway release --check`: asks, before a build begins, whether its images can be pushed somewhere. */
async function check(call: CallOf<typeof declared.release>): Promise<Answer> {
  const further = Object.keys(call.options).filter((name) => name !== "check" && name !== "json");
  if (further.length > 0)
    throw usageError("--check", `writes no release, and takes no --${further.join(" or --")}`, "leave one of them out");
  const { stacks } = await readProjectImages(call);
  const services = stacks.flatMap(({ stack }) => stack.services.filter(({ imageFrom }) => imageFrom === "release"));
  const ofServices = services.map(({ name, compose }) => ({
    path: `services.${name}.image`,
    image: (compose.image ?? "").replace(/[:@][^/]*\$.*$/, ""),
  }));
  const { CI_REGISTRY: ofJob = "" } = call.environment;
  const wanted = registriesOf([
    ...ofServices,
    ...(ofJob === "" ? [] : [{ path: "CI_REGISTRY", image: `${ofJob}/image` }]),
  ]);
  const { lines, problems } = await withRegistries(stacks, call.environment, (client) =>
    greetRegistries(client, wanted),
  );
  if (problems.length > 0) throw new UserError(problems);
  const none = ["no image of a release names a registry"];
  const show = (): void => (lines.length === 0 ? none : lines).forEach((line) => print(line));
  return { exitCode: exitCodes.done, json: { registries: wanted.map(({ registry }) => registry) }, show };
}
