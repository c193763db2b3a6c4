import { messageOf, type Problem } from "../../model/problem.ts";
import { releaseSchema, type Release } from "../../model/stack/release.ts";
import { problemsOf } from "../problems.ts";

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
