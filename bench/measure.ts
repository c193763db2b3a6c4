/** The duration of an action in seconds. */
export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

/** The median; for an even count the upper of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("the median needs at least one value");
  return middle;
}

/** Measures two actions alternately, so that other load on the machine affects both equally; returns their medians. */
export async function alternate(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<{ readonly one: number; readonly other: number }> {
  const seconds: { one: number[]; other: number[] } = { one: [], other: [] };
  for (let round = 0; round < rounds; round++) {
    seconds.one.push(await secondsOf(one));
    seconds.other.push(await secondsOf(other));
  }
  return { one: median(seconds.one), other: median(seconds.other) };
}

/** Formats a number with a fixed number of decimals. */
export function decimal(value: number, digits = 2): string {
  return value.toFixed(digits);
}
