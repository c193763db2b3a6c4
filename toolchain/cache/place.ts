import { binDirectory, cacheDirectory, checkout, localDirectory, pulumiHome } from "../paths.ts";

/** Where everything goes and comes from; tests put another place instead. */
export interface Place {
  readonly checkout: string;
  readonly localDirectory: string;
  readonly binDirectory: string;
  readonly pulumiHome: string;
  readonly cacheDirectory: string;
  /** Where Pulumi offers its releases; `SLIPWAY_PULUMI_HOST` names a mirror. */
  readonly pulumiHost: string;
}

/** The place of this checkout. */
export const here: Place = {
  checkout,
  localDirectory,
  binDirectory,
  pulumiHome,
  cacheDirectory,
  pulumiHost: process.env["SLIPWAY_PULUMI_HOST"] ?? "https://get.pulumi.com",
};
