import { duration } from "../toolchain/duration.ts";

/** A line for the person who watches. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says what begins, does it, and says how long it took. */
export async function step<T>(
  what: string,
  act: () => Promise<T>,
  result: (value: T) => string = () => "done",
): Promise<T> {
  const started = performance.now();
  say(`demo: ${what} …`);
  const value = await act();
  say(`demo:   ${result(value)} (${duration(performance.now() - started)})`);
  return value;
}
