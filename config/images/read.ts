import { distinctProblems, type Problem } from "../../model/problem.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { readFiles, readStackVariables } from "../assemble.ts";
import type { Draft } from "../draft.ts";
import type { environmentSchema } from "../schema.ts";
import type { StackSource } from "../source.ts";
import { withRequired } from "../variables/stack-variables.ts";
import { problemsAbout } from "../variables/variable-problems.ts";

/** The images of a stack, as far as configuration and compose files name them. */
export interface ReadImages {
  readonly draft: Draft;
  /** Undefined if the compose file could not be read. */
  readonly stack: Stack | undefined;
  /** Only those that may hide an image, or change one. */
  readonly problems: readonly Problem[];
}

/**
 * The keys with which a stack has the same images, whatever they say. A key that slipway does not know may be meant as
 * another one.
 */
const keysBesideImages: readonly string[] = [
  "host",
  "hosts",
  "protected",
  "folders",
  "files",
  "networks",
  "gate",
  "watch",
  "warm",
  "keep",
  "lease",
  "adopt",
  "policy",
  "fingerprintKey",
] satisfies readonly (keyof typeof environmentSchema.shape)[];

/**
 * Reads the images of a stack. It refuses what a plan refuses, but only what may hide an image or change one: a lock is
 * made before servers and secrets are there.
 */
export async function readImages(source: StackSource): Promise<ReadImages> {
  const { draft, variables, ofKeys } = await readStackVariables(source);
  const { read, ofImages, askedByImages } = readFiles(source, draft, withRequired(variables));
  const decides = (key: string): boolean => Object.hasOwn(source.texts, key) && !keysBesideImages.includes(key);
  const problems = [
    ...ofKeys.filter(({ path }) => decides(path.split(".")[0] ?? "")),
    ...problemsAbout(askedByImages, variables),
    ...ofImages,
  ];
  return { draft, stack: read?.stack, problems: distinctProblems(problems) };
}
