import { compare, type Difference } from "../base/difference.ts";
import { isList, unknown, type Properties } from "../base/property.ts";
import type { Saved } from "../base/resource-type.ts";
import { sortedLabels } from "./volume-state.ts";

/**
 * Compares what the engine last showed with what the program says. Hence a label or option that a volume had when it
 * was taken over asks for a replacement, and a driver that the program does not name never does.
 */
export function volumeDifference(old: Saved<Properties, Properties>, news: Properties): Difference {
  const changes = compare(comparable(old.state, news), comparable(news, news));
  return {
    changes,
    replaces: [...changes.keys()],
    // Two volumes cannot have one name, unless the name was made up.
    deleteBeforeReplace: changes.size > 0 && isList(news["__defaults"]) && !news["__defaults"].includes("name"),
  };
}

function comparable({ name, driver, driverOpts, labels }: Properties, news: Properties): Properties {
  return {
    name: name ?? null,
    driver: news["driver"] === undefined ? null : (driver ?? null),
    driverOpts: driverOpts ?? {},
    labels: labels === unknown ? unknown : JSON.stringify(sortedLabels(labels)),
  };
}
