import { duration } from "../toolchain/duration.ts";

/** Prints a line for the user. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs an action, and prints its name before and its result and duration afterwards. */
export async function step<T>(
  name: string,
  act: () => Promise<T>,
  result: (value: T) => string = () => "done",
): Promise<T> {
  const started = performance.now();
  say(`demo: ${name} …`);
  const value = await act();
  say(`demo:   ${result(value)} (${duration(performance.now() - started)})`);
  return value;
}
