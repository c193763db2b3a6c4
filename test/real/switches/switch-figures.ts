import type { LoadedRequest } from "../../hosts/load/requests.ts";
import { lost, sentAfter } from "../../hosts/load/seen.ts";

/** A switch of the traffic, with its moments in milliseconds of the clock. */
export interface SeenSwitch {
  readonly to: string;
  /** When the verb of a switch back by hand began. */
  readonly begun?: number;
  /** When the routes of the release were written. */
  readonly written: number;
  /** When the run knew that the proxy follows. */
  readonly switched: number;
}

/** Milliseconds after a switch in which many requests must have been sent. */
export const near = 2000;

type Requests = readonly LoadedRequest[];

/** The requests that were sent before the switch after this one. */
export function inItsTime(own: SeenSwitch, switches: readonly SeenSwitch[], requests: Requests): Requests {
  const next = switches.find(({ written }) => written > own.written)?.written ?? Infinity;
  return requests.filter(({ sent }) => sent < next);
}

/** How many requests there were, and what became of them. */
export function countsLine(switches: readonly SeenSwitch[], requests: Requests): string {
  const fewest = Math.min(...switches.map(({ written }) => sentAfter(requests, written, near).length));
  const stale = switches.flatMap((one) => {
    const own = sentAfter(inItsTime(one, switches, requests), one.switched);
    return own.filter(({ problem, release }) => problem === "" && release !== one.to);
  });
  return (
    `${switches.length} switches: ${lost(requests).length} of ${requests.length} requests failed (limit 0), ` +
    `${stale.length} answers of the old release (limit 0), ` +
    `at least ${fewest} requests in the 2 s after each (limit 100)`
  );
}

export function switchLine(switches: readonly SeenSwitch[], requests: Requests): string {
  const times = switches.map(({ to, written }) => firstAnswer(requests, to, written));
  return `switch, from the written file to the first new answer: ${timesText(times, { median: 300, worst: 1000 })}`;
}

export function backLine(switches: readonly SeenSwitch[], requests: Requests): string {
  const times = switches.flatMap(({ to, begun }) => (begun === undefined ? [] : firstAnswer(requests, to, begun)));
  return `switch back by hand, from the verb's begin to the first old answer: ${timesText(times, { worst: 1000 })}`;
}

/** Milliseconds from a moment to the end of the first answer of a release. */
function firstAnswer(requests: Requests, release: string, since: number): number {
  const ends = requests.filter((one) => one.release === release && one.ended >= since).map(({ ended }) => ended);
  return Math.min(...ends) - since;
}

/** The median and the worst of some times, each beside its limit. */
function timesText(times: readonly number[], limits: { readonly median?: number; readonly worst: number }): string {
  const sorted = times.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return `median ${beside(median, limits.median)}, worst ${beside(sorted.at(-1) ?? NaN, limits.worst)}`;
}

function beside(milliseconds: number, limit: number | undefined): string {
  const seconds = `${(milliseconds / 1000).toFixed(2)} s`;
  if (limit === undefined) return seconds;
  return `${seconds} (limit ${limit / 1000} s${milliseconds < limit ? "" : ", MISSED"})`;
}
