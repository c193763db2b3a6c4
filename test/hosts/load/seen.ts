import type { LoadedRequest } from "./requests.ts";

/** The requests that a user would call lost. */
export function lost(requests: readonly LoadedRequest[]): string[] {
  const bad = requests.filter(({ problem }) => problem !== "");
  return bad.map(({ what, sent, problem }) => `${new Date(sent).toISOString()} ${what}: ${problem}`);
}

/** The requests that were sent in some milliseconds after a moment. */
export function sentAfter(
  requests: readonly LoadedRequest[],
  moment: number,
  milliseconds = Infinity,
): LoadedRequest[] {
  return requests.filter(({ sent }) => moment <= sent && sent < moment + milliseconds);
}

/**
 * How often the release that answers must have changed, at least: if each moment has one release, it is as often as the
 * routes did. A request was routed at some moment between its begin and its end, so only a request that was sent after
 * the end of another one is surely later.
 */
export function changesOf(requests: readonly LoadedRequest[]): number {
  const good = requests.filter(({ problem }) => problem === "").toSorted((one, other) => one.ended - other.ended);
  const releases = [...new Set(good.map(({ release }) => release))];
  return Math.max(0, releases.length - 1, ...releases.map((first) => longestChain(good, first) - 1));
}

/** The most requests of which each is surely later than the one before, and answered by another release. */
function longestChain(byEnd: readonly LoadedRequest[], first: string): number {
  let last: LoadedRequest | undefined;
  let length = 0;
  for (const one of byEnd) {
    const isNext = last === undefined ? one.release === first : one.release !== last.release && one.sent > last.ended;
    if (!isNext) continue;
    last = one;
    length += 1;
  }
  return length;
}
