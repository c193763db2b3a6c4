import type { Application } from "../model/compose/application.ts";
import type { Migration } from "../model/stack/deployment.ts";
import { guess } from "../model/guess.ts";
import type { Problem } from "../model/problem.ts";
import type { Draft } from "./draft.ts";
import type { RuleInput } from "./rule.ts";
import { serviceSchema } from "./schema.ts";

/** An application without its migrations, and the migrations. */
interface SplitApplication {
  readonly application: Application;
  readonly migrations: readonly Migration[];
}

/** Separates the migrations from the services that are deployed. */
export function splitMigrations({ migration, services }: Draft, application: Application): SplitApplication {
  if (migration === undefined) return { application, migrations: [] };
  const { service: names, deadline } = migration;
  const migrations = names.flatMap((name): Migration[] => {
    const service = application.services[name];
    const settings = services[name] ?? serviceSchema.parse({});
    return service === undefined ? [] : [{ service, settings, deadline }];
  });
  const others = Object.entries(application.services).filter(([name]) => !names.includes(name));
  return { application: { ...application, services: Object.fromEntries(others) }, migrations };
}

/** Requires that each migration is a service of the compose file. */
export function ensureMigrationExists({ draft, composeServices, files }: RuleInput): Problem[] {
  return migrationsOf(draft)
    .filter((name) => !composeServices.includes(name))
    .map((name) => {
      const what = `is not a service of ${files.compose}, got '${name}'`;
      return { path: "migration.service", what, todo: guess(name, composeServices) };
    });
}

/**
 * Requires that a migration has no keys of a service that answers requests, since it runs once for each release. That
 * nothing asks for its health, the rule of all jobs says.
 */
export function ensureMigrationServesNobody({ draft, composeServices }: RuleInput): Problem[] {
  return migrationsOf(draft)
    .filter((name) => composeServices.includes(name))
    .flatMap((name) => servingProblems(name, draft));
}

function servingProblems(name: string, { services, ports }: Draft): Problem[] {
  const { port, data } = services[name] ?? serviceSchema.parse({});
  const serving = { port, data };
  const what = "belongs to a migration, which runs once for each release and serves no requests";
  return [
    ...Object.entries(serving)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => ({ path: `services.${name}.${key}`, what, todo: "remove it" })),
    ...(ports[name] === undefined ? [] : [{ path: `ports.${name}`, what, todo: "remove it" }]),
  ];
}

function migrationsOf({ migration }: Draft): readonly string[] {
  return migration?.service ?? [];
}
