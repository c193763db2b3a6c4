import { binDirectory, cacheDirectory, checkout, localDirectory, pulumiHome } from "../paths.ts";

/** The folders that the toolchain writes to, and Pulumi's host. Tests use a place of their own. */
export interface Place {
  readonly checkout: string;
  readonly localDirectory: string;
  readonly binDirectory: string;
  readonly pulumiHome: string;
  readonly cacheDirectory: string;
  /** The URL of the host with Pulumi's releases; `SLIPWAY_PULUMI_HOST` names a mirror. */
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
