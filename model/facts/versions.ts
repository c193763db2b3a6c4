import type { Problem } from "../problem.ts";
import type { Observation } from "./observation.ts";

/** Something in a compose file that not every version of a program on servers knows. */
export interface VersionNeed {
  /** The place that has it. */
  readonly path: string;
  /** What the place does, such as `mounts a part of a volume`. */
  readonly what: string;
  readonly program: "Docker Engine" | "Docker Compose";
  /** The first version that knows it, such as `2.36`. */
  readonly since: string;
}

/** Requires that a server's programs know everything that a stack uses of them. */
export function ensureVersionsKnow(needs: readonly VersionNeed[], { host }: Observation): Problem[] {
  return needs.flatMap(({ path, what, program, since }) => {
    const version = program === "Docker Engine" ? host.engine : host.compose;
    if (!isBefore(version, since)) return [];
    const todo = `install a newer ${program} there, or take that out of the compose file`;
    return [{ path, what: `${what}, which needs ${program} ${since}, got '${version}'`, todo }];
  });
}

/** Tells if a version is older than another one. One without a number is somebody's own build, and is not. */
export function isBefore(version: string, since: string): boolean {
  const numbers = (text: string): number[] => text.split(".").map(Number);
  const found = /^v?([0-9]+(\.[0-9]+)*)/.exec(version)?.[1];
  if (found === undefined) return false;
  const own = numbers(found);
  const difference = numbers(since).map((number, index) => (own[index] ?? 0) - number);
  return (difference.find((one) => one !== 0) ?? 0) < 0;
}
