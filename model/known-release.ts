import type { Deployment } from "./deployment.ts";
import type { Observation } from "./observation.ts";
import { ConfigurationError } from "./problem.ts";
import type { Release } from "./release.ts";

/** The deployment with the release that it will run: that of its document, or else the one that was applied last. */
export function withRelease(deployment: Deployment, observation: Observation | undefined): Deployment {
  const release = deployment.release ?? lastRelease(observation);
  if (release !== undefined) return { ...deployment, release };
  throw new ConfigurationError([
    {
      path: "release",
      what: "there is no release document, and none was applied before",
      todo: "let the build job write `release.json`, or name another file with `release.file`",
    },
  ]);
}

function lastRelease(observation: Observation | undefined): Release | undefined {
  if (observation?.release === undefined) return undefined;
  const { "@proxy": proxy, ...images } = observation.release.images;
  return { version: observation.release.version, images, ...(proxy !== undefined && { proxy }) };
}
