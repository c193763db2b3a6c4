import { messageOf } from "../../model/problem.ts";

/** Milliseconds from one request to the next, whatever became of the one before. */
const interval = 50;

/** The answers to requests at a constant rate. */
export interface OpenLoopAnswers {
  readonly count: number;
  /** By release that answered. */
  readonly releases: Readonly<Record<string, number>>;
  /** Everything that a user would see as an error, such as `500`, with how often. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Asks an address at a constant rate while something is done: every second request opens a connection of its own. */
export async function underOpenLoop<Result>(
  url: string,
  act: () => Promise<Result>,
): Promise<[Result, OpenLoopAnswers]> {
  const releases: Record<string, number> = {};
  const errors: Record<string, number> = {};
  const asked: Promise<void>[] = [];
  const ask = async (headers: Readonly<Record<string, string>>): Promise<void> => {
    try {
      const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(10_000) });
      const text = (await answer.text()).replaceAll(/["\n]/g, "");
      const [counts, name] = answer.status === 200 ? [releases, text] : [errors, String(answer.status)];
      counts[name] = (counts[name] ?? 0) + 1;
    } catch (error) {
      errors[messageOf(error)] = (errors[messageOf(error)] ?? 0) + 1;
    }
  };
  const timer = setInterval(() => {
    asked.push(ask(asked.length % 2 === 0 ? {} : { connection: "close" }));
  }, interval);
  try {
    const result = await act();
    clearInterval(timer);
    await Promise.all(asked);
    return [result, { count: asked.length, releases, errors }];
  } finally {
    clearInterval(timer);
  }
}

/** The most errors that a user sees in so many seconds. */
export function errorsIn(seconds: number): number {
  return (seconds * 1000) / interval;
}
