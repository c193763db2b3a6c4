import type { ReleaseFact } from "../facts/release/release.ts";
import type { PrintedHost } from "./printed-plan.ts";

/** What each colour of a release is, and which releases are held, a line each. */
export function releaseLines(release: ReleaseFact | undefined): PrintedHost["releases"] {
  if (release === undefined) return [];
  const colours = release.colours.filter(({ state }) => state !== "idle");
  return [
    ...colours.map(({ colour, state, release: version, since, verified }) => ({
      where: colour,
      found: `${version}, ${state} since ${since}, ${verified ? "verified" : "not confirmed"}`,
    })),
    ...release.holds.map(({ release: version, by, since, why }) => ({
      where: "held",
      found: `${version}, by ${by} since ${since}: ${why}`,
    })),
  ];
}
