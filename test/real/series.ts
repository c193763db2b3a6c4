/** Set by `npm run proof`. */
export const seriesVariable = "SLIPWAY_FULL_SERIES";

/** True if the long series run whole; otherwise a test takes samples of them. */
export const fullSeries = process.env[seriesVariable] === "yes";

/** Returns a whole series, or its samples. */
export function series<Item>(whole: readonly Item[], samples: readonly Item[]): readonly Item[] {
  return fullSeries ? whole : samples;
}
