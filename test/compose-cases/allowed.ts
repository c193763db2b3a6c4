import { isList, isMap, listOf, mapOf, parseJson, textOf } from "../../model/json.ts";
import { serviceInColour } from "../../model/colour.ts";
import { containerName } from "../../model/container-name.ts";
import { shownColour } from "../../model/report/server-files.ts";
import { configured, jobsOf, type Comparison, type Pair } from "./compare/comparison.ts";
import { nothing, textOf as shown, type Aspect, type Difference } from "./compare/difference.ts";
import { movedPrefix } from "./compare/mounts.ts";

/** A difference that is on purpose. None changes what a service reaches, by whom it is reached, stores, or runs as. */
interface Allowed {
  readonly what: string;
  readonly reason: string;
  readonly aspect: Aspect;
  /** The whole field; without one the rule looks itself. */
  readonly field: RegExp;
  readonly allows: (difference: Difference, comparison: Comparison, pair: Pair | undefined) => boolean;
}

const isDropped = ({ found }: Difference): boolean => found === nothing;

/** The closed list. The summary of a run names the entries that no case needed. */
export const allowed: readonly Allowed[] = [
  {
    what: "the image by digest",
    reason: "a server runs the very image that was chosen; the repository stays, and a build's is the release's",
    aspect: "fields",
    field: /^image$/,
    allows: ({ found }, _comparison, pair) => /@sha256:[0-9a-f]{64}"$/.test(found) && sameRepository(found, pair),
  },
  {
    what: "no build",
    reason: "servers build nothing: the image of the release takes the place of `build`",
    aspect: "fields",
    field: /^build\b.*/,
    allows: isDropped,
  },
  {
    what: "pull_policy: never",
    reason: "the verb `images` pulls every image by digest before anything changes",
    aspect: "fields",
    field: /^pull_policy$/,
    allows: ({ found }) => found === '"never"',
  },
  {
    what: "log limits",
    reason: "logs of Docker's own drivers without limits would fill the disk; any other driver stays",
    aspect: "fields",
    field: /^logging\b.*/,
    allows: ({ field, expected, found }) =>
      field === "logging.driver" ? isLocalLog(expected) && isLocalLog(found) : /^logging\.options\.max-/.test(field),
  },
  {
    what: "the restart rules",
    reason: "services come back after a failure, jobs do not, and a stopped colour stays stopped (design.md, Restart)",
    aspect: "fields",
    field: /^(restart|deploy\.restart_policy\..*)$/,
    allows: allowsRestart,
  },
  {
    what: "a memory limit that the stack sets",
    reason: "the stack's configuration gives the service a limit of its own by `memory`",
    aspect: "fields",
    field: /^mem_limit$/,
    allows: ({ service }, comparison) => hasMemory(configured(comparison, "services", service)),
  },
  {
    what: "the container's own name",
    reason: "runbooks rely on one rule for names (E21); `networks` compares that the file's name leads to the service",
    aspect: "fields",
    field: /^(container_name|x-slipway-name)$/,
    allows: ({ found }, _comparison, pair) => found === nothing || (pair !== undefined && isNamed(found, pair)),
  },
  {
    what: "hostname of a release service",
    reason: "the engine would answer it from both colours; it is an alias in each colour's networks instead",
    aspect: "fields",
    field: /^hostname$/,
    allows: (difference, _comparison, pair) => isDropped(difference) && pair?.part.kind === "release",
  },
  {
    what: "no profiles",
    reason: "only services whose profile the stack asks for are deployed, so they need none on the server",
    aspect: "fields",
    field: /^profiles$/,
    allows: isDropped,
  },
  {
    what: "no develop and attach",
    reason: "both are for `compose watch` and for a terminal, which a server does not have",
    aspect: "fields",
    field: /^(develop\b.*|attach)$/,
    allows: isDropped,
  },
  {
    what: "ENVIRONMENT of a migration",
    reason: "a migration always knows the environment in which it runs (A9); no file sets another value",
    aspect: "environment",
    field: /^ENVIRONMENT$/,
    allows: ({ expected }, _comparison, pair) => expected === nothing && pair?.part.kind === "migration",
  },
  {
    what: "a port that the stack closes or addresses",
    reason: "an open address is 127.0.0.1 unless the stack says another; an open port is the one that the stack chose",
    aspect: "ports",
    field: /^.*$/,
    allows: ({ expected, found }) => isSameListener(expected, found),
  },
  {
    what: "a port that the stack opens",
    reason: "the stack's own configuration publishes the service, though the file does not",
    aspect: "ports",
    field: /^.*$/,
    allows: ({ expected, service }, comparison) =>
      expected === nothing && configured(comparison, "ports", service) !== undefined,
  },
  {
    what: "the port in a label for a team's own Traefik",
    reason: "the label is on the proxy, which answers for the release at a port of its own",
    aspect: "fields",
    field: /^labels\.traefik\..*\.loadbalancer\.(server|healthcheck)\.port, on the proxy$/i,
    allows: ({ expected, found }) => expected !== nothing && /^"\d+"$/.test(found),
  },
  {
    what: "the place of a data folder",
    reason: "data lies where the stack's configuration says, each folder in one place; what is shared stays shared",
    aspect: "mounts",
    field: /^.*\.source$/,
    allows: ({ found }) => found.startsWith(`"${movedPrefix}`),
  },
  {
    what: "no folder instead of a delivered file",
    reason: "what slipway delivers or guards is there before the service; a missing one stops the run, not the data",
    aspect: "mounts",
    field: /^.*\.bind\.create_host_path$/,
    allows: allowsNoFolder,
  },
  {
    what: "a mount that the stack drops",
    reason: "the stack's configuration names it below `drop`: the sources of a developer are in the image",
    aspect: "mounts",
    field: /^\/.*$/,
    allows: ({ field, found, service }, comparison) =>
      found === nothing && drops(comparison, service).some((target) => field.startsWith(`${target}.`)),
  },
];

/** By project, service and colour, whatever the file says. */
function isNamed(found: string, { name, part: { project, kind } }: Pair): boolean {
  const stack = project.replace(new RegExp(`-(${shownColour}|migration)$`), "");
  return found === JSON.stringify(containerName(stack, kind === "release" ? serviceInColour(name, shownColour) : name));
}

function sameRepository(found: string, pair: Pair | undefined): boolean {
  const image = textOf(pair?.original["image"]);
  if (image === undefined || pair?.original["build"] !== undefined || pair?.part.kind === "release") return true;
  return repositoryOf(found.slice(1, -1)) === repositoryOf(image);
}

function repositoryOf(image: string): string {
  return image
    .replace(/@.*$/, "")
    .replace(/:[^:/]*$/, "")
    .replace(/^docker\.io\/(library\/)?/, "");
}

function isLocalLog(driver: string): boolean {
  return [nothing, '"json-file"', '"local"'].includes(driver);
}

/**
 * What the file says stays. Slipway decides where it says nothing, and where a colour would have `always`. Compose
 * follows `deploy.restart_policy` rather than `restart`, so that policy goes where slipway decides.
 */
function allowsRestart(
  { field, expected, found, service }: Difference,
  comparison: Comparison,
  pair: Pair | undefined,
): boolean {
  const condition = textOf(mapOf(mapOf(pair?.original["deploy"])["restart_policy"])["condition"]);
  const written = condition ?? (expected === nothing ? undefined : expected.slice(1, -1));
  const isColour = pair?.part.kind === "release";
  const decides = written === undefined || (isColour && /^(any|always)$/.test(written));
  if (field !== "restart") return found === nothing && (condition === undefined || (decides && isColour));
  const isJob = pair?.part.kind === "migration" || jobsOf(comparison).has(service);
  return decides && found === (isJob && written === undefined ? '"no"' : '"unless-stopped"');
}

/** Both are lists of `<address> <port>`. What the file leaves open as `any` the stack decides. */
function isSameListener(expected: string, found: string): boolean {
  const [from = [], to = []] = [expected, found].map(listenersOf);
  if (from.every((where) => where === nothing)) return to.length === 0;
  return from.length === to.length && from.every((where, index) => fits(where, to[index] ?? ""));
}

function listenersOf(text: string): string[] {
  const list = parseJson(text);
  return isList(list) ? list.map(String) : [];
}

function fits(expected: string, found: string): boolean {
  const [[address, port = ""], [foundAddress, foundPort]] = [expected.split(" "), found.split(" ")];
  if (address !== "any" && address !== foundAddress) return false;
  // Of a range Compose takes any free port.
  const [first = "", last] = port.split("-");
  const inRange = last !== undefined && Number(first) <= Number(foundPort) && Number(foundPort) <= Number(last);
  return port === "any" || port === foundPort || inRange;
}

function allowsNoFolder({ field, expected, service }: Difference, comparison: Comparison): boolean {
  const target = field.replace(/\.bind\.create_host_path$/, "");
  const found = comparison.pairs.find(({ name }) => name === service)?.found;
  const mount = listOf(found?.["volumes"])
    .map(mapOf)
    .find((one) => one["target"] === target);
  const source = textOf(mount?.["source"]) ?? "";
  const own = source.startsWith(`${comparison.config.directory}/`) || comparison.server.volumes.has(source);
  return expected === shown(true) && own;
}

function hasMemory(settings: unknown): boolean {
  return isMap(settings) && settings["memory"] !== undefined;
}

function drops(comparison: Comparison, service: string): string[] {
  const settings = configured(comparison, "services", service);
  if (typeof settings !== "object" || settings === null || !("drop" in settings)) return [];
  return Array.isArray(settings.drop) ? settings.drop.map(String) : [];
}
