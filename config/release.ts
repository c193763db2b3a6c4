import { messageOf, type Problem } from "../model/problem.ts";
import { releaseSchema, type Release } from "../model/stack/release.ts";
import { problemsOf } from "./problems.ts";
import { unknownService, type RuleInput } from "./rule.ts";

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

/** Requires that `images` names no release service, since only the release decides its image. */
export function ensureReleasesTakeTheirImages({ draft, stack, files }: RuleInput): Problem[] {
  return Object.keys(draft.images)
    .filter((image) => stack.services.some(({ name, part }) => name === image && part === "release"))
    .map((name) => {
      const what = "belongs to a service of the release";
      return { path: `images.${name}`, what, todo: `remove it; its image stands in ${files.release}` };
    });
}
