import type { Problem } from "../../problem.ts";
import type { ServiceBase, StackService } from "../service.ts";

/** The facts by which services are put into an order. */
type Ordered = Pick<ServiceBase, "name" | "part" | "compose">;

/** A service with its time in the order. */
type Started = Pick<StackService, "name" | "part" | "compose" | "starts">;

/** The time at which a service starts, beside those of the release and of its migrations. */
export type Start = "before" | "migration" | "release" | "after";

/** The time at which each service of a stack starts. */
export function startOf({ name, part }: Ordered, after: ReadonlySet<string>): Start {
  if (part !== "shared") return part;
  return after.has(name) ? "after" : "before";
}

/**
 * The shared services that start after the release: those that wait for a service of the release, for one of its jobs
 * or for the migration, and all that wait for one of those.
 */
export function startedAfterRelease(services: readonly Ordered[]): ReadonlySet<string> {
  const shared = services.filter(({ part }) => part === "shared");
  const later = new Set(services.filter(({ part }) => part !== "shared").map(({ name }) => name));
  for (let before = -1; before < later.size;) {
    before = later.size;
    for (const service of shared) if (neededBy(service).some((name) => later.has(name))) later.add(service.name);
  }
  return new Set(shared.map(({ name }) => name).filter((name) => later.has(name)));
}

/** Migrations in the order in which they run: as the stack names them, but each after those that it waits for. */
export function inOrder<Service extends Ordered>(migrations: readonly Service[]): Service[] {
  const ordered = new Set<Service>();
  const add = (service: Service, above: readonly Service[]): void => {
    if (above.includes(service)) return;
    const needed = migrations.filter(({ name }) => neededBy(service).includes(name));
    for (const one of needed) add(one, [...above, service]);
    ordered.add(service);
  };
  for (const service of migrations) add(service, []);
  return [...ordered];
}

/** Requires that the release waits for nothing that starts after it. */
export function ensureOrderIsPossible({ services }: { readonly services: readonly Started[] }): Problem[] {
  const released = services.filter(({ part }) => part !== "shared");
  const waitingFor = (needed: string): Ordered[] => released.filter((service) => neededBy(service).includes(needed));
  return [
    ...services
      .filter(({ name, starts }) => starts === "after" && waitingFor(name).length > 0)
      .map((service) => circle(waitingFor(service.name), service, services)),
    ...released
      .filter(({ part }) => part === "migration")
      .flatMap((migration) =>
        neededBy(migration)
          .filter((needed) => released.some(({ name, part }) => name === needed && part === "release"))
          .map((needed) => reversed(migration, needed)),
      ),
  ];
}

/** A circle through the release, all of whose services start together. */
function circle(waiting: readonly Ordered[], needed: Ordered, services: readonly Ordered[]): Problem {
  const chain = chainToRelease(needed, services);
  const names = waiting.map(({ name }) => `'${name}'`).join(", ");
  const what = `waits for the release, and the release waits for it (${names}), got ${chain.join(" → ")}`;
  const marked = chain.slice(0, -1).map((name) => `services.${name}.release`);
  const last = chain.at(-1) ?? "";
  const todo = `set ${marked.join(" and ")}, so that it starts with the release; or take '${last}' out of it`;
  return { path: `compose.services.${needed.name}.depends_on`, what, todo };
}

/** The way from a shared service to what it waits for in the release or its migration. */
function chainToRelease(from: Ordered, services: readonly Ordered[]): string[] {
  const ways: Ordered[][] = [[from]];
  const seen = new Set([from.name]);
  for (const way of ways) {
    const last = way.at(-1);
    if (last === undefined || last.part !== "shared") return way.map(({ name }) => name);
    for (const next of services.filter(({ name }) => neededBy(last).includes(name) && !seen.has(name))) {
      seen.add(next.name);
      ways.push([...way, next]);
    }
  }
  return [from.name];
}

function reversed({ name }: Ordered, needed: string): Problem {
  const what = `waits for '${needed}', and a migration ends before the services of its release start, got '${name}'`;
  const todo =
    `remove '${needed}' from it; or take '${name}' out of migration and set services.${name}.release: ` +
    `then it is a job of the release, which starts after '${needed}'`;
  return { path: `compose.services.${name}.depends_on`, what, todo };
}

/** Everything about the order that differs from Compose, a line each. */
export function orderNotes(services: readonly Started[]): string[] {
  return services.flatMap((service) =>
    Object.entries(service.compose.dependsOn).flatMap(([needed, { restart = false }]): string[] => {
      const other = services.find(({ name }) => name === needed);
      if (!restart || other === undefined || other.starts === service.starts) return [];
      const why = "the two start at different times";
      return [`${service.name}: is not restarted when '${needed}' is replaced (restart of its depends_on); ${why}`];
    }),
  );
}

function neededBy({ compose }: Ordered): string[] {
  return Object.keys(compose.dependsOn);
}
