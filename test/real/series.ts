/** Set by `npm run proof`. */
export const seriesVariable = "SLIPWAY_FULL_SERIES";

/** Whether the long series are run whole; otherwise a test takes samples of them. */
export const fullSeries = process.env[seriesVariable] === "yes";

/** A whole series, or its samples. */
export function series<Item>(whole: readonly Item[], samples: readonly Item[]): readonly Item[] {
  return fullSeries ? whole : samples;
}
