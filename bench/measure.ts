/** Seconds that something took. */
export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

/** The middle one; of an even count the upper of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("a median of nothing");
  return middle;
}

/** Runs two things in turn, so that what else the machine does meets both alike. */
export async function inTurn(
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

/** A number as the tables show it. */
export function shown(value: number, digits = 2): string {
  return value.toFixed(digits);
}
