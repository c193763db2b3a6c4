import { listOf, mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import type { Comparison } from "./comparison.ts";
import { compareValues, leavesOf, type Difference } from "./difference.ts";

/** Compares what each mounted volume is: its driver, the driver's options, its labels, and that somebody makes it. */
export function compareVolumeFields({ original, pairs, server }: Comparison): Difference[] {
  const mounts = pairs.flatMap((pair) => listOf(pair.original["volumes"]).map(mapOf));
  const used = new Set(mounts.map(({ source }) => source));
  const declared = pairs.flatMap(({ part }) => Object.values(mapOf(part.json["volumes"])).map(mapOf));
  return Object.entries(mapOf(original["volumes"]))
    .filter(([key]) => used.has(key))
    .flatMap(([key, entry]) => {
      const volume = mapOf(entry);
      const name = textOf(volume["name"]) ?? key;
      const found = declared.find((one) => one["name"] === name) ?? {};
      const isMade = found["external"] !== true || server.volumes.has(name) || volume["external"] === true;
      const fields = fieldsOf(server.volumes.get(name) ?? found);
      const where = { aspect: "mounts", service: "" } as const;
      return compareValues(where, `volume ${name}.`, { ...fieldsOf(volume), made: true }, { ...fields, made: isMade });
    });
}

function fieldsOf(volume: JsonMap): JsonMap {
  const others = Object.entries(volume).filter(([key]) => key !== "name" && key !== "external");
  return leavesOf({ driver: "local", ...Object.fromEntries(others) });
}
