import { z } from "zod";
import { messageOf, type Problem } from "../../model/problem.ts";
import type { Release } from "../../model/stack/release.ts";
import { problemsOf } from "../problems.ts";
import { digest } from "./value.ts";

const releaseSchema = z.strictObject({
  version: z.string().min(1, "is empty; name the release, such as its commit"),
  images: z.record(z.string(), digest),
  proxy: digest.optional(),
  schema: z.string().optional(),
  buildArguments: z.record(z.string(), z.string()).optional(),
});

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
  if (parsed.success) return { release: releaseOf(parsed.data), problems: [] };
  const problems = problemsOf(parsed.error, read.value).map((problem) => inFile(file, problem));
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

/** The release without the keys that the document leaves out. */
function releaseOf({ version, images, proxy, schema, buildArguments }: z.output<typeof releaseSchema>): Release {
  return {
    version,
    images,
    ...(proxy !== undefined && { proxy }),
    ...(schema !== undefined && { schema }),
    ...(buildArguments !== undefined && { buildArguments }),
  };
}
