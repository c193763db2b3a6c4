import { join } from "node:path";

/** The folder of this checkout; everything slipway makes outside the cache lies below its `.slipway`. */
export const checkout = join(import.meta.dirname, "..");

/** What belongs to this checkout alone: launchers, Pulumi's home, locks. */
export const localDirectory = join(checkout, ".slipway");

/** Holds the `pulumi` that programs of this checkout run with, and its language host beside it. */
export const binDirectory = join(localDirectory, "bin");

/** PULUMI_HOME of this checkout: plugins, and nothing of the user's own. */
export const pulumiHome = join(localDirectory, "pulumi-home");

/** Downloaded and built tools. `SLIPWAY_CACHE` moves it, so that several checkouts share one. */
export const cacheDirectory = process.env["SLIPWAY_CACHE"] ?? join(localDirectory, "cache");
