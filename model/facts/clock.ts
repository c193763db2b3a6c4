import type { Observation } from "./observation.ts";

/** Milliseconds by which two clocks may differ: the answer of a server has its way, too. */
const tolerated = 5000;

/**
 * A warning about clocks that differ (F17): nothing in slipway depends on them, but certificates and logins do.
 * Undefined if the server's clock is right as far as this machine, whose time is `now`, can tell.
 */
export function clockWarning({ host }: Pick<Observation, "host">, now: number): string | undefined {
  const skew = host.clock === undefined ? 0 : host.clock - now;
  if (Math.abs(skew) <= tolerated) return undefined;
  const way = skew > 0 ? "ahead of" : "behind";
  return `the server's clock is ${Math.round(Math.abs(skew) / 1000)} s ${way} that of this machine`;
}
