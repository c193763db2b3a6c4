import type { Dependency } from "./application.ts";
import type { NormalService } from "./normal-service.ts";
import type { Reading } from "./reading.ts";
import { mapOf } from "../json.ts";

/** What must run before a service, of the services that are deployed. */
export function readDependencies(
  reading: Reading,
  service: NormalService,
  { deployed, known }: { deployed: readonly string[]; known: readonly string[] },
): Record<string, Dependency> {
  const entries = Object.entries(mapOf(service.fields["depends_on"])).flatMap(
    ([name, value]): [string, Dependency][] => {
      const dependency = dependencyOf(mapOf(value));
      if (deployed.includes(name)) return [[name, dependency]];
      if (dependency.required)
        reading.problems.push(missing(service.place("depends_on", name), name, known.includes(name)));
      return [];
    },
  );
  return Object.fromEntries(entries);
}

function dependencyOf({
  condition,
  required,
}: {
  readonly condition?: unknown;
  readonly required?: unknown;
}): Dependency {
  const known =
    condition === "service_healthy" || condition === "service_completed_successfully" ? condition : "service_started";
  return { condition: known, required: required !== false && required !== "false" };
}

function missing(path: string, name: string, known: boolean) {
  if (!known) return { path, what: `depends_on names '${name}', which is not a service`, todo: "correct the name" };
  const what = `depends_on names '${name}', which has profiles and is not deployed`;
  return { path, what, todo: `name it in services.${name} to deploy it, or write \`required: false\`` };
}
