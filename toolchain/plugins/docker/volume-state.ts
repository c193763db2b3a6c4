import type Docker from "dockerode";
import { z } from "zod";
import { isList, isObject, type Properties, type Value } from "../base/property.ts";

const words = z.record(z.string(), z.string()).nullish();
const inspected = z.object({
  Name: z.string(),
  Driver: z.string(),
  Mountpoint: z.string(),
  Options: words,
  Labels: words,
});

/** The outputs of a volume, from the engine's answer. */
export async function inspectVolume(volume: Docker.Volume): Promise<Properties> {
  const info = inspected.parse(await volume.inspect());
  return {
    // Without this, the official plugin expects an older format of labels in the state.
    __meta: JSON.stringify({ schema_version: "1" }),
    id: info.Name,
    name: info.Name,
    driver: info.Driver,
    driverOpts: info.Options ?? {},
    labels: sortedLabels(Object.entries(info.Labels ?? {}).map(([label, value]) => ({ label, value }))),
    mountpoint: info.Mountpoint,
  };
}

/** The labels in a fixed order, since they are a set. */
export function sortedLabels(labels: Value | undefined): readonly Properties[] {
  if (!isList(labels)) return [];
  return labels
    .filter(isObject)
    .map(({ label = "", value = "" }): Properties => ({ label, value }))
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** The inputs of an imported volume: those with which a program would create it. */
export function importedInputs(state: Properties): Properties {
  const inputs = ["name", "driver", "driverOpts", "labels"].map((name) => [name, state[name]] as const);
  return { __defaults: [], ...Object.fromEntries(inputs.filter(isSet)) };
}

/** The inputs after a refresh: those that the program had set, with the values that were found. */
export function refreshedInputs(inputs: Properties, state: Properties): Properties {
  const { labels, driverOpts, driver } = inputs;
  const found = new Set(sortedLabels(state["labels"]).map((label) => JSON.stringify(label)));
  const options = isObject(state["driverOpts"]) ? state["driverOpts"] : {};
  return {
    ...inputs,
    ...(driver !== undefined && { driver: state["driver"] ?? driver }),
    ...(isList(labels) && { labels: sortedLabels(labels).filter((label) => found.has(JSON.stringify(label))) }),
    ...(isObject(driverOpts) && { driverOpts: pick(options, Object.keys(driverOpts)) }),
  };
}

function pick(values: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

/** False for empty collections, which a program leaves out. */
function isSet(entry: readonly [string, Value | undefined]): entry is readonly [string, Value] {
  const value = entry[1];
  if (isList(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== undefined;
}
