import { expect, test } from "vitest";
import { clockWarning } from "../../../model/facts/clock.ts";
import { observed } from "./observed.ts";

const now = Date.UTC(2026, 0, 1);

function warning(clock: number | undefined): string | undefined {
  const { host } = observed();
  return clockWarning({ host: { ...host, ...(clock === undefined ? {} : { clock }) } }, now);
}

test.each([
  ["ahead of", now + 7_200_000, "the server's clock is 7200 s ahead of that of this machine"],
  ["behind", now - 6_000, "the server's clock is 6 s behind that of this machine"],
])("warns of a server's clock that is %s this machine's (F17)", (_way, clock, expected) => {
  expect(warning(clock)).toBe(expected);
});

test("accepts a few seconds, and a server that tells no time", () => {
  expect([warning(now + 4_000), warning(now - 4_000), warning(undefined)]).toEqual([undefined, undefined, undefined]);
});
