import { listOf, mapOf, textOf, type JsonMap } from "../../json.ts";
import type { ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";

/** A service that another one needs. */
interface Needed {
  readonly name: string;
  /** The keys of the field that says so. */
  readonly keys: readonly string[];
  /** The entry of `depends_on`, or what Compose takes for one. */
  readonly entry: JsonMap;
}

const namespaces = ["network_mode", "ipc", "pid", "uts", "cgroup"];

/**
 * Every service that a service needs: those of `depends_on`, and those that Compose adds for other fields. Compose
 * restarts a service with the one whose namespace it shares or that it links.
 */
export function neededServices({ fields }: NormalService): readonly Needed[] {
  const written = Object.entries(mapOf(fields["depends_on"]));
  const named = written.map(([name, entry]): Needed => ({ name, keys: ["depends_on", name], entry: mapOf(entry) }));
  const restarted = { condition: "service_started", restart: true };
  // Of one service that several fields name, the last entry counts.
  const implied = [
    ...itemsOf(fields, "volumes_from").map((item) => ({ ...item, entry: { condition: "service_started" } })),
    ...itemsOf(fields, "links").map((item) => ({ ...item, entry: restarted })),
    ...namespaces.flatMap((field) => {
      const [, name] = /^service:(.+)$/s.exec(textOf(fields[field]) ?? "") ?? [];
      return name === undefined ? [] : [{ keys: [field], name, entry: restarted }];
    }),
  ].filter(({ name }) => name !== "container" && !named.some((needed) => needed.name === name));
  return [...named, ...implied];
}

function itemsOf(fields: JsonMap, field: string): Pick<Needed, "name" | "keys">[] {
  return listOf(fields[field]).map((item, index) => {
    return { keys: [field, String(index)], name: (textOf(item) ?? "").replace(/:.*$/s, "") };
  });
}

/** Reports every circle of services that need one another, once. */
export function checkCircles(context: ReaderContext, services: ReadonlyMap<string, NormalService>): void {
  const done = new Set<string>();
  const walk = (name: string, chain: readonly string[]): void => {
    const service = services.get(name);
    if (service === undefined || done.has(name)) return;
    for (const { name: next, keys } of neededServices(service)) {
      const start = [...chain, name].indexOf(next);
      if (start < 0) walk(next, [...chain, name]);
      else {
        const circle = [...chain, name, next].slice(start).join(" → ");
        const what = `service '${name}' waits for itself, got ${circle}`;
        context.problems.push({ path: service.place(...keys), what, todo: "break the circle" });
      }
    }
    done.add(name);
  };
  for (const name of services.keys()) walk(name, []);
}
