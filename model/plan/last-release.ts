import { proxyName } from "../proxy.ts";
import type { Observation } from "../facts/observation.ts";
import type { RunRecord } from "../facts/release/release.ts";
import type { Release } from "../stack/release.ts";

/**
 * The release that was verified last on a server and is not held, with all its images: never what was tried last, or
 * what happens to run (F139). A stack has its release on one host.
 */
export function lastRelease(observations: readonly (Observation | undefined)[]): Release | undefined {
  const [verified] = observations.flatMap((observation) => observation?.release?.verified ?? []);
  if (verified === undefined) return undefined;
  return releaseOfRecord(verified);
}

/** The release document of a record: everything that the one said with which the release was deployed. */
export function releaseOfRecord({ release, commit, images, schema, contract, buildArguments }: RunRecord): Release {
  const built = Object.entries(buildArguments).map(([name, { value, environment }]) => {
    return [name, environment ? { value, environment } : value] as const;
  });
  return {
    version: release,
    ...(commit !== "" && { commit }),
    images: Object.fromEntries(Object.entries(images).filter(([service]) => service !== proxyName)),
    ...(schema !== "" && { schema: contract ? { head: schema, contract } : schema }),
    ...(built.length > 0 && { buildArguments: Object.fromEntries(built) }),
  };
}
