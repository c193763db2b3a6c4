import { join } from "node:path";
import { listOf, mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import type { Comparison, Pair } from "./comparison.ts";
import { compareValues, leavesOf, type Difference } from "./difference.ts";
import { contentOf } from "./mount-content.ts";

/** The fields that other files of this folder compare by their meaning. */
const elsewhere: ReadonlySet<string> = new Set([
  "configs",
  "depends_on",
  "env_file",
  "environment",
  "links",
  "networks",
  "ports",
  "secrets",
  "tmpfs",
  "volumes",
]);

/** Compares every other field of each service, whatever its name is. */
export function compareFields(comparison: Comparison): Difference[] {
  const { pairs, folder, root } = comparison;
  const ofProxy = proxyLabels(comparison);
  return pairs.flatMap((pair) => {
    const expected = leavesOf({ ...own(pair.original), ...security(pair.original, folder) });
    const found = leavesOf({
      ...own(pair.found),
      ...security(pair.found, join(root, pair.part.directory)),
      ...namespaces(pair),
    });
    const where = { aspect: "fields", service: pair.name } as const;
    if (pair.part.kind !== "release") return compareValues(where, "", expected, found);
    const wanted = withoutHidden(expected);
    const moved = Object.keys(wanted).filter((key) => traefikLabel.test(key));
    const onProxy = Object.fromEntries(moved.map((key) => [`${key}, on the proxy`, ofProxy[key] ?? null]));
    return compareValues(where, "", renamed(wanted, "on the proxy"), {
      ...renamed(withoutHidden(found), "on both colours"),
      ...onProxy,
    });
  });
}

function own(service: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(service).filter(([key, value]) => !elsewhere.has(key) && value !== null));
}

/** A profile for seccomp is a file, which Compose reads below the folder of the project. */
function security({ security_opt: options }: JsonMap, folder: string): JsonMap {
  const read = listOf(options).map((option) => {
    const [, path = "unconfined"] = /^seccomp[:=](.*)$/.exec(textOf(option) ?? "") ?? [];
    return path === "unconfined" ? option : `seccomp: ${contentOf(join(folder, path)) ?? "a file that is missing"}`;
  });
  return read.length === 0 ? {} : { security_opt: read };
}

/** The namespaces and volumes that a service has from another one, by the developers' name of that one. */
function namespaces({ found, part: { names } }: Pair): JsonMap {
  const borrowed = listOf(found["volumes_from"]).map((entry) => {
    const [service = "", ...rest] = (textOf(entry) ?? "").split(":");
    return [names.get(service) ?? service, ...rest].join(":");
  });
  const entries = ["network_mode", "ipc", "pid"].flatMap((field): [string, string][] => {
    const [, service] = /^service:(.+)$/.exec(textOf(found[field]) ?? "") ?? [];
    return service === undefined ? [] : [[field, `service:${names.get(service) ?? service}`]];
  });
  return { ...Object.fromEntries(entries), ...(borrowed.length > 0 && { volumes_from: borrowed }) };
}

const traefikLabel = /^labels\.traefik\./;

/**
 * Labels for a team's own Traefik count on the proxy instead of on a release service: in both colours they would send
 * requests to a release that is not checked yet.
 */
function renamed(leaves: JsonMap, place: string): JsonMap {
  const entries = Object.entries(leaves).map(([key, value]) => {
    return [traefikLabel.test(key) ? `${key}, ${place}` : key, value] as const;
  });
  return Object.fromEntries(entries);
}

/** Traefik looks at nothing else of a container with `traefik.enable=false`. */
function withoutHidden(leaves: JsonMap): JsonMap {
  if (textOf(leaves["labels.traefik.enable"]) !== "false") return leaves;
  return Object.fromEntries(Object.entries(leaves).filter(([key]) => !traefikLabel.test(key)));
}

function proxyLabels({ server }: Comparison): JsonMap {
  const proxies = server.parts.filter(({ kind }) => kind === "proxy");
  const services = proxies.flatMap(({ json }) => Object.values(mapOf(json["services"])).map(mapOf));
  const labels = services.flatMap((service) => Object.entries(mapOf(service["labels"])));
  return leavesOf({ labels: Object.fromEntries(labels) });
}
