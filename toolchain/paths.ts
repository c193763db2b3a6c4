import { join } from "node:path";

/** The folder of this checkout. Slipway writes only below its `.slipway`, and into the cache. */
export const checkout = join(import.meta.dirname, "..");

/** The folder for files of this checkout alone: launchers, Pulumi's home, locks. */
export const localDirectory = join(checkout, ".slipway");

/** The folder with this checkout's `pulumi`, and its language host beside it. */
export const binDirectory = join(localDirectory, "bin");

/** The PULUMI_HOME of this checkout: it holds plugins and is separate from the user's own. */
export const pulumiHome = join(localDirectory, "pulumi-home");

/** The folder of downloaded and built tools. `SLIPWAY_CACHE` moves it, so that several checkouts can share one. */
export const cacheDirectory = process.env["SLIPWAY_CACHE"] ?? join(localDirectory, "cache");
