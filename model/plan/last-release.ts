import { proxyName } from "../proxy.ts";
import type { Observation } from "../facts/observation.ts";
import type { Release } from "../stack/release.ts";

/**
 * The release that was verified last on a server and is not held, with all its images: never what was tried last, or
 * what happens to run (F139). A stack has its release on one host.
 */
export function lastRelease(observations: readonly (Observation | undefined)[]): Release | undefined {
  const [verified] = observations.flatMap((observation) => observation?.release?.verified ?? []);
  if (verified === undefined) return undefined;
  const images = Object.fromEntries(Object.entries(verified.images).filter(([service]) => service !== proxyName));
  return { version: verified.release, ...(verified.commit !== "" && { commit: verified.commit }), images };
}
