import { renderRelease } from "../../../model/render/release.ts";
import { renderMigration } from "../../../model/render/migration.ts";
import { renderProxy } from "../../../model/render/proxy.ts";
import type { RenderedRelease, RenderedMigration, RenderedProject } from "../../../model/render/rendered.ts";
import { renderRoutes } from "../../../model/render/routes.ts";
import { renderShared } from "../../../model/render/shared.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { hostOf, releasePart, sharedPart } from "../stack/main-host.ts";

/** Renders the shared services of a deployment. */
export function sharedOf(deployment: Deployment): RenderedProject {
  const host = hostOf(deployment);
  return renderShared(sharedPart(host));
}

/** Renders the shared services of a deployment that start after its release; undefined if there are none. */
export function afterOf(deployment: Deployment): RenderedProject | undefined {
  const { parts } = hostOf(deployment);
  return parts.after && renderShared(parts.after);
}

/** Renders the release of a deployment. */
export function releaseOf(deployment: Deployment): RenderedRelease {
  const host = hostOf(deployment);
  return renderRelease(releasePart(host), routesOf(deployment));
}

/** Renders the proxy of a deployment. */
export function proxyOf(deployment: Deployment): RenderedProject {
  const host = hostOf(deployment);
  return renderProxy(releasePart(host).proxy);
}

/** Renders the migration of a deployment that has one. */
export function migrationOf(deployment: Deployment): RenderedMigration | undefined {
  const host = hostOf(deployment);
  const [migration] = releasePart(host).migrations;
  return migration && renderMigration(migration, deployment.environment);
}

/** Renders the proxy's dynamic file for the release of a deployment. */
export function routesOf(deployment: Deployment): string {
  const { proxy } = releasePart(hostOf(deployment));
  const version = deployment.release?.version ?? "none";
  return renderRoutes({ version, entryPoints: proxy.entryPoints });
}
