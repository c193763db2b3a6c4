import { parse, stringify } from "yaml";
import { isMap } from "../../model/json.ts";
import { samples } from "./samples/all.ts";

type Value = unknown;

/** The services that have the key that is looked at: one that stays, and one of the release. */
export const roles = ["stays", "moves"] as const;

/** The names that stand for `*`, by the key above; `one` for all others. */
const names: Readonly<Record<string, string>> = { ulimits: "nproc", models: "m" };

/** A service of the same part, by role. */
const neighbours: Readonly<Record<string, string>> = { stays: "db", moves: "mate" };

/** The files beside the compose file. */
export const files: Readonly<Record<string, string>> = {
  "one.txt": "one\n",
  "two.txt": "seen-4711\n",
  "seen.txt": "seen-4711\n",
  "more.yaml":
    "services: { more: { image: more, environment: { SEEN: '${INNER:-no}' }, volumes: ['./one.txt:/a'] } }\n",
  "extended.yaml": "services: { db: { image: db, user: seen-4711 } }\n",
  "other.yaml": "services: { other: { image: other, environment: { SEEN: 4711 } } }\n",
  "seen.env": "SEEN=4711\n",
  "inner.env": "INNER=4711\n",
  "seen/one.txt": "one\n",
};

/** An application with one of everything, so that only what is looked at is new in it. */
const common = {
  services: {
    stays: { image: "stays" },
    moves: { image: "moves" },
    db: { image: "db", init: true },
    all: { image: "all", networks: ["one"], volumes: ["one:/one", "two:/two"], secrets: ["one"], configs: ["one"] },
    mate: { image: "mate" },
    parent: { image: "parent", environment: { SEEN: "4711" } },
  },
  networks: { one: {} },
  volumes: { one: {}, two: {} },
  secrets: { one: { file: "one.txt" }, two: { file: "two.txt" } },
  configs: { one: { file: "one.txt" }, two: { file: "two.txt" } },
};

/** The application with a value at a place of the specification, as text. */
export function applicationWith(place: string, value: Value, above?: Value): string {
  const tokens = place.match(/\[\]|[^.[\]]+/g) ?? [];
  return stringify(merged(common, at(tokens, value, { path: "", above })), { aliasDuplicateObjects: false });
}

/** What is above a value, and the path at which it stands. */
interface Where {
  readonly path: string;
  readonly above: Value;
  /** The service, below one. */
  readonly role?: string | undefined;
}

function at([token, ...rest]: readonly string[], value: Value, where: Where): Value {
  if (token === undefined) return value;
  const path = pathOf(where.path, token);
  const below = (role = where.role): Value => at(rest, value, { ...where, path, role });
  if (token === "[]") return [below()];
  const parent = where.path.split(".").at(-1) ?? "";
  if (parent === "services") return Object.fromEntries(roles.map((role) => [role, below(role)]));
  const neighbour = parent === "depends_on" ? neighbours[where.role ?? ""] : undefined;
  const key = token === "*" ? (neighbour ?? names[parent] ?? "one") : token;
  const beside: Value = rest.length === 0 && where.above !== undefined ? where.above : baseAt(where.path);
  return merged(beside, { [key]: below() });
}

function baseAt(path: string): Value {
  return parse(samples[path]?.base ?? "{}");
}

/** The path of a key or item at a place. */
export function pathOf(place: string, key: string): string {
  return place === "" || key === "[]" ? `${place}${key}` : `${place}.${key}`;
}

/** The keys of which a secret or config has one. */
const contents = ["file", "environment", "content", "external"];

function merged(base: Value, over: Value): Value {
  if (!isMap(base) || !isMap(over)) return over;
  const replaces = contents.some((key) => key in over);
  const kept = Object.entries(base).filter(([key]) => !(replaces && contents.includes(key)));
  const entries = Object.entries(over).map(([key, value]) => [key, merged(base[key], value)] as const);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(entries) };
}
