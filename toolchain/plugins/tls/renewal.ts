import { compare, changesIn, type ChangeKind, type Difference } from "../base/difference.ts";
import type { Properties, Value } from "../base/property.ts";
import type { Saved } from "../base/resource-type.ts";

const hour = 3_600_000;

/** True for a certificate that is ready for renewal from the start: its early renewal covers its whole validity. */
export function isReadyFromStart({ validityPeriodHours, earlyRenewalHours }: Properties): boolean {
  return validityPeriodHours === 0 || hours(earlyRenewalHours) >= hours(validityPeriodHours);
}

/** True if the end of the validity, minus the early renewal, has passed. */
function isReadyForRenewal(validityEndTime: Value | undefined, earlyRenewalHours: Value | undefined): boolean {
  if (typeof validityEndTime !== "string") return false;
  return Date.parse(validityEndTime) - hours(earlyRenewalHours) * hour <= Date.now();
}

/**
 * Compares a certificate with the program's inputs. Every change replaces the certificate, except a change of the
 * renewal time. When that time has come, the certificate is replaced even if nothing changed.
 */
export function certificateDifference(
  old: Saved<Properties, Properties>,
  news: Properties,
  inputNames: readonly string[],
): Difference {
  // If the program no longer sets a path length, the old one stays.
  const maxPathLength = news["maxPathLength"] ?? old.state["maxPathLength"] ?? null;
  const planned: Properties = { ...news, maxPathLength, readyForRenewal: isReadyFromStart(news) };
  const changes = new Map<string, ChangeKind>(compare(pick(old.state, [...inputNames, "readyForRenewal"]), planned));
  const inPlace = changesIn(changes, ["earlyRenewalHours", "readyForRenewal"]);
  const replaces = [...changes.keys()].filter((path) => !inPlace.includes(path));
  if (!isReadyForRenewal(old.state["validityEndTime"], news["earlyRenewalHours"])) return { changes, replaces };
  changes.set("readyForRenewal", "update");
  return { changes, replaces: [...replaces, "readyForRenewal"] };
}

/** The result of a refresh: a certificate becomes ready for renewal when its time has come. */
export function refreshedCertificate(old: Saved<Properties, Properties>): Saved<Properties, Properties> {
  const { validityEndTime, earlyRenewalHours } = old.state;
  if (!isReadyForRenewal(validityEndTime, earlyRenewalHours)) return old;
  return { ...old, state: { ...old.state, readyForRenewal: true } };
}

/** The properties with these names. */
export function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

function hours(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}
