import { compare, changesIn, type ChangeKind, type Difference } from "../base/difference.ts";
import type { Properties, Value } from "../base/property.ts";
import type { Saved } from "../base/resource-type.ts";

const hour = 3_600_000;

/** A certificate whose early renewal takes up all of its life is ready for renewal from its first moment. */
export function isBornReady({ validityPeriodHours, earlyRenewalHours }: Properties): boolean {
  return validityPeriodHours === 0 || hours(earlyRenewalHours) >= hours(validityPeriodHours);
}

function isReadyForRenewal(validityEndTime: Value | undefined, earlyRenewalHours: Value | undefined): boolean {
  if (typeof validityEndTime !== "string") return false;
  return Date.parse(validityEndTime) - hours(earlyRenewalHours) * hour <= Date.now();
}

/**
 * Compares a certificate with what the program wants. Every change replaces it but that of the renewal time; and when
 * that time has come, it is replaced though nothing changed.
 */
export function certificateDifference(
  old: Saved<Properties, Properties>,
  news: Properties,
  inputNames: readonly string[],
): Difference {
  // A length that the program no longer names stays what it was.
  const maxPathLength = news["maxPathLength"] ?? old.state["maxPathLength"] ?? null;
  const planned: Properties = { ...news, maxPathLength, readyForRenewal: isBornReady(news) };
  const changes = new Map<string, ChangeKind>(compare(only(old.state, [...inputNames, "readyForRenewal"]), planned));
  const inPlace = changesIn(changes, ["earlyRenewalHours", "readyForRenewal"]);
  const replaces = [...changes.keys()].filter((path) => !inPlace.includes(path));
  if (!isReadyForRenewal(old.state["validityEndTime"], news["earlyRenewalHours"])) return { changes, replaces };
  changes.set("readyForRenewal", "update");
  return { changes, replaces: [...replaces, "readyForRenewal"] };
}

/** What a refresh finds: time alone makes a certificate ready. */
export function refreshedCertificate(old: Saved<Properties, Properties>): Saved<Properties, Properties> {
  const { validityEndTime, earlyRenewalHours } = old.state;
  if (!isReadyForRenewal(validityEndTime, earlyRenewalHours)) return old;
  return { ...old, state: { ...old.state, readyForRenewal: true } };
}

/** Keeps the named properties. */
export function only(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

function hours(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}
