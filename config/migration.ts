import type { Application } from "../model/compose/application.ts";
import type { Migration } from "../model/stack/migration.ts";
import { nearest } from "../model/guess.ts";
import type { Problem } from "../model/problem.ts";
import { settingsOf } from "./deployment.ts";
import type { Draft } from "./draft.ts";
import { serviceSchema } from "./schema.ts";

/** What a compose file's services are for: those that stay, and the one that runs once for each release. */
interface SplitApplication {
  readonly application: Application;
  readonly migration: Migration | undefined;
}

/** Takes the migration out of the services that are deployed. */
export function splitMigration(draft: Draft, application: Application): SplitApplication {
  const { service: name = "", deadline = 0 } = draft.migration ?? {};
  const service = application.services[name];
  if (service === undefined) return { application, migration: undefined };
  const others = Object.entries(application.services).filter(([other]) => other !== name);
  const settings = settingsOf(draft.services?.[name] ?? serviceSchema.parse({}));
  return {
    application: { ...application, services: Object.fromEntries(others) },
    migration: { service, settings, deadline },
  };
}

/** What a stack says of its migration that cannot hold; `names` are the services of the compose file `file`. */
export function migrationProblems(draft: Draft, names: readonly string[], file: string): Problem[] {
  const name = draft.migration?.service;
  if (name === undefined) return [];
  if (!names.includes(name)) {
    const guess = nearest(name, names);
    const todo = guess === undefined ? `use one of ${names.join(", ")}` : `did you mean '${guess}'`;
    return [{ path: "migration.service", what: `is not a service of ${file}, got '${name}'`, todo }];
  }
  const settings = draft.services?.[name] ?? serviceSchema.parse({});
  const { release, port, health, hostPort, data } = settings;
  const serving = { release: release || undefined, port, health, hostPort, data };
  const what = "is of the migration, which runs once for each release and serves nobody";
  return [
    ...Object.entries(serving)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => ({ path: `services.${name}.${key}`, what, todo: "remove it" })),
    ...(draft.ports?.[name] === undefined ? [] : [{ path: `ports.${name}`, what, todo: "remove it" }]),
  ];
}
