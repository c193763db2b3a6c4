import { compare, type Difference } from "../base/difference.ts";
import { isList, unknown, type Properties } from "../base/property.ts";
import type { Saved } from "../base/resource-type.ts";
import { sortedLabels } from "./volume-state.ts";

/**
 * Compares a volume's last known state with the program's inputs. So a label or option that the volume had when it was
 * adopted needs a replacement; a driver that the program leaves out does not.
 */
export function volumeDifference(old: Saved<Properties, Properties>, news: Properties): Difference {
  const changes = compare(comparable(old.state, news), comparable(news, news));
  return {
    changes,
    replaces: [...changes.keys()],
    // The old and the new volume have the same name, unless the plugin generates it.
    deleteBeforeReplace: changes.size > 0 && isList(news["__defaults"]) && !news["__defaults"].includes("name"),
  };
}

/** The properties to compare, with empty values for absent ones and labels in a fixed order. */
function comparable({ name, driver, driverOpts, labels }: Properties, news: Properties): Properties {
  return {
    name: name ?? null,
    driver: news["driver"] === undefined ? null : (driver ?? null),
    driverOpts: driverOpts ?? {},
    labels: labels === unknown ? unknown : JSON.stringify(sortedLabels(labels)),
  };
}
