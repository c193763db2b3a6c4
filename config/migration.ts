import type { Application } from "../model/compose/application.ts";
import type { Migration } from "../model/stack/deployment.ts";
import { guess } from "../model/guess.ts";
import type { Problem } from "../model/problem.ts";
import type { Draft } from "./draft.ts";
import type { RuleInput } from "./rule.ts";
import { serviceSchema } from "./schema.ts";

/** An application without its migration, and the migration. */
interface SplitApplication {
  readonly application: Application;
  readonly migration: Migration | undefined;
}

/** Separates the migration from the services that are deployed. */
export function splitMigration(draft: Draft, application: Application): SplitApplication {
  if (draft.migration === undefined) return { application, migration: undefined };
  const { service: name, deadline } = draft.migration;
  const service = application.services[name];
  if (service === undefined) return { application, migration: undefined };
  const others = Object.entries(application.services).filter(([other]) => other !== name);
  const settings = draft.services[name] ?? serviceSchema.parse({});
  return {
    application: { ...application, services: Object.fromEntries(others) },
    migration: { service, settings, deadline },
  };
}

/** Requires that the migration is a service of the compose file. */
export function ensureMigrationExists({ draft, composeServices, files }: RuleInput): Problem[] {
  const name = draft.migration?.service;
  if (name === undefined || composeServices.includes(name)) return [];
  const what = `is not a service of ${files.compose}, got '${name}'`;
  return [{ path: "migration.service", what, todo: guess(name, composeServices) }];
}

/** Requires that the migration has no keys of a service that answers requests, since it runs once for each release. */
export function ensureMigrationServesNobody({ draft, composeServices }: RuleInput): Problem[] {
  const name = draft.migration?.service;
  if (name === undefined || !composeServices.includes(name)) return [];
  const { release, port, health, hostPortVariable, data } = draft.services[name] ?? serviceSchema.parse({});
  const serving = { release: release || undefined, port, health, hostPort: hostPortVariable, data };
  const what = "belongs to the migration, which runs once for each release and serves no requests";
  return [
    ...Object.entries(serving)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => ({ path: `services.${name}.${key}`, what, todo: "remove it" })),
    ...(draft.ports[name] === undefined ? [] : [{ path: `ports.${name}`, what, todo: "remove it" }]),
  ];
}
