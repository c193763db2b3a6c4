import { isList, isMap, mapOf, textOf, type Json, type JsonMap } from "../../json.ts";

/** The key of a list item: of items with the same key, Compose keeps the last one. */
type ItemKey = (item: Json) => string;

const byText: ItemKey = (item) => textOf(item) ?? JSON.stringify(item);
const byName: ItemKey = (item) => byText(item).replace(/=.*$/s, "");
const byPath: ItemKey = (item) => textOf(mapOf(item)["path"]) ?? byText(item);

/** Devices are the same if they have the same path in the container. */
const byDevice: ItemKey = (item) => {
  if (isMap(item)) return textOf(item["target"] ?? item["source"]) ?? JSON.stringify(item);
  const [source = "", target = source] = byText(item).split(":");
  return target;
};

/** Secrets and configs are the same if they have the same path in the container. */
function byMount(folder: string): ItemKey {
  return (item) => textOf(mapOf(item)["target"]) ?? `${folder}/${textOf(mapOf(item)["source"]) ?? byText(item)}`;
}

/**
 * The lists of a service in which Compose keeps one item for each key; `*` is any name. Compose refuses that an item is
 * repeated in those of the second line: of two files with the same item, one is enough.
 */
const uniqueLists: readonly (readonly [fields: string, key: ItemKey])[] = [
  ["cap_add cap_drop dns dns_opt dns_search expose links profiles tmpfs label_file", byName],
  ["security_opt group_add device_cgroup_rules external_links volumes_from extra_hosts", byText],
  ["networks.*.aliases networks.*.link_local_ips", byName],
  ["env_file", byPath],
  ["devices", byDevice],
  ["secrets", byMount("/run/secrets")],
  ["configs", byMount("")],
];

const keys: ReadonlyMap<string, ItemKey> = new Map(
  uniqueLists.flatMap(([fields, key]) => fields.split(" ").map((field) => [field, key] as const)),
);

/** The list at a path of a service, without the items that later ones replace. */
export function uniqueItems(list: readonly Json[], path: string): readonly Json[] {
  const key = keys.get(path.replace(/^networks\.[^.]+\./, "networks.*."));
  return key === undefined ? list : [...new Map(list.map((item) => [key(item), item])).values()];
}

/** A service's fields, each list without the items that later ones replace. */
export function withUniqueItems(fields: JsonMap, path = ""): JsonMap {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]): [string, Json] => {
      const at = path === "" ? name : `${path}.${name}`;
      if (isList(value)) return [name, uniqueItems(value, at)];
      return [name, isMap(value) ? withUniqueItems(value, at) : value];
    }),
  );
}
