import { messageOf, type Problem } from "../../model/problem.ts";
import { imageLockFile } from "../../model/stack/images/lock.ts";
import { leaveOut } from "../../model/stack/images.ts";
import { releaseSchema, type Release } from "../../model/stack/release.ts";
import type { StackService } from "../../model/stack/service.ts";
import { problemsOf } from "../problems.ts";
import { unknownService, type RuleInput } from "../rule.ts";

/** A release document, or its problems; neither if there is no document. */
interface ReadRelease {
  readonly release: Release | undefined;
  readonly problems: readonly Problem[];
}

/** Reads the document that the build job wrote; `file` is its name in messages. */
export function readRelease(file: string, text: string | undefined): ReadRelease {
  if (text === undefined) return { release: undefined, problems: [] };
  const read = parseJson(text);
  if ("fault" in read)
    return {
      release: undefined,
      problems: [{ path: file, what: read.fault, todo: "let the build job write it again" }],
    };
  const parsed = releaseSchema.safeParse(read.value);
  if (parsed.success) return { release: parsed.data, problems: [] };
  const problems = problemsOf(parsed.error, read.value, releaseSchema).map((problem) => inFile(file, problem));
  return { release: undefined, problems };
}

function parseJson(text: string): { value: unknown } | { fault: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `is not JSON (${messageOf(error)})` };
  }
}

function inFile(file: string, { path, what, todo }: Problem): Problem {
  const missing = what === "is missing" ? "let the build job write it" : todo;
  return { path: path === "" ? file : `${file}: ${path}`, what, todo: missing };
}

/**
 * Requires that a release document holds only images of this application. It may hold those of services that are not
 * deployed.
 */
export function ensureReleaseIsKnown({ stack, composeServices, files }: RuleInput): Problem[] {
  return Object.keys(stack.release?.images ?? {})
    .filter((name) => !composeServices.includes(name))
    .map((name) =>
      unknownService(`${files.release}: images.${name}`, name, { services: composeServices, file: files.compose }),
    );
}

/** Requires that a release document holds no image that slipway.lock or the compose file decides. */
export function ensureReleaseHasOnlyItsImages({ stack, files }: RuleInput): Problem[] {
  return stack.services
    .filter(({ name, imageFrom }) => imageFrom !== "release" && stack.release?.images[name] !== undefined)
    .map((service) => otherSource(service, files));
}

function otherSource(service: StackService, { release, compose }: RuleInput["files"]): Problem {
  const isLocked = service.imageFrom === "lock";
  const decides = isLocked ? `${imageLockFile} has the digest of its tag` : `${compose} names its digest`;
  const what = `does not come with a release: ${decides}`;
  return { path: `${release}: images.${service.name}`, what, todo: leaveOut(service) };
}

/** Requires that release services keep no data: two colours run at the same time and would write the same files. */
export function ensureReleasesKeepNoData({ stack }: RuleInput): Problem[] {
  return stack.services.flatMap(({ name, part, settings: { data } }) => {
    if (part !== "release" || data === undefined) return [];
    const place = data.volume ?? data.folder ?? "";
    const what = `belongs to a service of the release, which runs twice during a switch, got '${place}'`;
    const todo =
      data.folder === undefined
        ? "keep the data in a shared service"
        : "name the folder below `folders` if both colours may write it at once, or keep the data in a shared service";
    return [{ path: `services.${name}.data`, what, todo }];
  });
}
