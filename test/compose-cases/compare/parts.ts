import { isMap, mapOf } from "../../../model/json.ts";
import type { ServerPart } from "../case/server-view.ts";
import { jobsOf, originalServices, type Comparison } from "./comparison.ts";
import { nothing, type Difference } from "./difference.ts";

/** Compares which services there are, and names what could not come up as it is. */
export function compareParts(comparison: Comparison): Difference[] {
  return [
    ...comparison.server.refusals.map((found) => fault("", "compose file", "one that Compose reads", found)),
    ...missingServices(comparison),
    ...comparison.server.parts.flatMap(emptyPart),
    ...proxyFaults(comparison),
    ...jobFaults(comparison),
    ...databaseFaults(comparison),
  ];
}

function fault(service: string, field: string, expected: string, found: string): Difference {
  return { aspect: "parts", service, field, expected, found };
}

function missingServices({ server, original }: Comparison): Difference[] {
  const expected = new Set(originalServices({ original }).map(([name]) => name));
  const found = server.parts.filter(({ kind }) => kind !== "proxy").flatMap(servicesOf);
  const missing = [...expected].filter((name) => !found.includes(name));
  const extra = found.filter((name) => !expected.has(name));
  const twice = found.filter((name, index) => found.indexOf(name) !== index);
  return [
    ...missing.map((name) => fault(name, "service", "deployed", nothing)),
    ...extra.map((name) => fault(name, "service", nothing, "deployed")),
    ...twice.map((name) => fault(name, "service", "deployed once", "in two parts")),
  ];
}

/** The services of a part by the developers' names. */
function servicesOf({ json, names }: ServerPart): string[] {
  return Object.keys(mapOf(json["services"])).map((key) => names.get(key) ?? key);
}

/** Compose ends with an error if a project has no services: `no service selected`. */
function emptyPart({ name, json }: ServerPart): Difference[] {
  return Object.keys(mapOf(json["services"])).length > 0
    ? []
    : [fault("", name, "a project with services", "a project without services, which Compose refuses to start")];
}

/** Traefik drops a file with an empty map, and then routes nothing. */
function proxyFaults({ server: { traefik, parts } }: Comparison): Difference[] {
  if (traefik === undefined) return [];
  const released = parts.some((part) => part.kind === "release" && servicesOf(part).length > 0);
  const needless = released ? [] : [fault("", "proxy", nothing, "a proxy without a release")];
  const empty = Object.entries(traefik.routes).flatMap(([protocol, rules]) =>
    Object.entries(mapOf(rules))
      .filter(([, rule]) => isMap(rule) && Object.keys(rule).length === 0)
      .map(([name]) =>
        fault("", `routes.${protocol}.${name}`, nothing, "an empty map, for which Traefik drops the file"),
      ),
  );
  return [...needless, ...empty];
}

/** What ends must be told to the verb that waits for it. */
function jobFaults(comparison: Comparison): Difference[] {
  const jobs = jobsOf(comparison);
  return comparison.pairs.flatMap(({ name, part, found }) => {
    const isKnown = part.kind === "migration" || mapOfDocument(part, name)["job"] !== undefined;
    // What nothing restarts may end, also where the file does not say that it will.
    if (isKnown === jobs.has(name) || (isKnown && found["restart"] === "no")) return [];
    const [job, service] = ["a job", "a service that stays"];
    return [isKnown ? fault(name, "job", service, job) : fault(name, "job", job, service)];
  });
}

/** Two colours must never run on the data of one database. */
function databaseFaults({ pairs }: Comparison): Difference[] {
  return pairs.flatMap(({ name, part }) => {
    const volumes = part.kind === "release" ? mapOfDocument(part, name)["volumes"] : undefined;
    const held = Object.entries(isMap(volumes) ? volumes : {}).filter(([, data]) => data !== "files");
    return held.map(([volume]) => fault(name, `volumes.${volume}`, "one database on its data", "one in each colour"));
  });
}

function mapOfDocument({ body }: ServerPart, service: string): Readonly<Record<string, unknown>> {
  const services = body["services"];
  const own = isMap(services) ? services[service] : undefined;
  return isMap(own) ? own : {};
}
