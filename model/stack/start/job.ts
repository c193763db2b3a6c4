import type { Job } from "../../job.ts";
import { mapOf, textOf, type JsonMap } from "../../json.ts";
import type { Service } from "../../compose/application.ts";
import type { Problem } from "../../problem.ts";
import type { ServiceBase, StackService } from "../service.ts";
import type { Stack } from "../stack.ts";

/** Tells whether a service is a job; undefined for one that stays. A service that publishes a port stays. */
export function jobOf({ name, settings, compose }: ServiceBase, all: readonly ServiceBase[]): Job | undefined {
  if (settings.job !== undefined) return settings.job ? "ends" : undefined;
  if (all.some((other) => waitsForEnd(other, name))) return "ends";
  return writtenRestart(compose) === "no" && compose.ports.length === 0 ? "may end" : undefined;
}

/** Tells a service that waits for the end of another one. */
export function waitsForEnd({ compose }: Pick<ServiceBase, "compose">, name: string): boolean {
  return compose.dependsOn[name]?.condition === "service_completed_successfully";
}

/**
 * The restart policy of the compose file; undefined where it says nothing. Compose follows `deploy.restart_policy`
 * rather than `restart`, and starts nothing again where that policy has no condition (tried on both versions).
 */
function writtenRestart({ restart, fields }: Pick<Service, "restart" | "fields">): string | undefined {
  return restartOfDeploy(fields) ?? restart;
}

/**
 * What the compose file says. Where it says nothing, a service starts with the server, and a job that ended is not
 * started again. A release service never has `always`: a colour that was stopped would come back with the engine (F51).
 */
export function restartOf({ compose, part }: ServiceBase, job: Job | undefined): string {
  const written = writtenRestart(compose);
  if (written === undefined) return job === undefined ? "unless-stopped" : "no";
  // What a variable holds may be `always`.
  return part === "release" && (written === "always" || written.includes("$")) ? "unless-stopped" : written;
}

/** The policy below `deploy`; undefined where it has no condition. */
export function restartOfDeploy(fields: JsonMap): string | undefined {
  const { condition, max_attempts: attempts } = mapOf(mapOf(fields["deploy"])["restart_policy"]);
  switch (condition) {
    case "none":
      return "no";
    case "any":
      return "always";
    case "on-failure":
      return typeof attempts === "number" ? `on-failure:${attempts}` : "on-failure";
    default:
      return textOf(condition);
  }
}

/** The lines of the plan about restart policies that are not those of Compose: it restarts nothing unless told to. */
export function restartNotes(
  services: readonly Pick<StackService, "name" | "part" | "compose" | "restart">[],
): string[] {
  const running = services.filter(({ part, restart }) => part !== "migration" && restart === "unless-stopped");
  const namesOf = (fits: (written: string | undefined) => boolean): string =>
    running
      .filter(({ compose }) => fits(writtenRestart(compose)))
      .map(({ name }) => name)
      .join(", ");
  const unsaid = namesOf((written) => written === undefined);
  const always = namesOf((written) => written !== undefined && written !== "unless-stopped");
  return [
    ...(unsaid === "" ? [] : [`${unsaid}: restart is unless-stopped, since the compose file says nothing`]),
    ...(always === "" ? [] : [`${always}: restart is unless-stopped, since a colour that was stopped stays so`]),
  ];
}

/** Requires that nothing starts a job again that has ended well: services that wait for its end would never start. */
export function ensureJobsEnd({ services }: Pick<Stack, "services">): Problem[] {
  return services
    .filter(({ part, job, restart }) => part !== "migration" && job === "ends" && !/^(no|on-failure)/.test(restart))
    .map(({ name, compose, settings }) => {
      const field = restartOfDeploy(compose.fields) === undefined ? "restart" : "deploy.restart_policy";
      const why = settings.job === true ? `services.${name}.job is set` : "others wait for its end";
      const got = writtenRestart(compose) ?? "";
      const what = `restarts a job after it succeeded (${why}), got '${got}'`;
      return { path: `compose.services.${name}.${field}`, what, todo: "write `on-failure`, or remove it" };
    });
}
