import { renderRelease } from "../../../model/render/release.ts";
import { renderMigration } from "../../../model/render/migration.ts";
import { renderProxy } from "../../../model/render/proxy.ts";
import type { RenderedRelease, RenderedMigration, RenderedProject } from "../../../model/render/rendered.ts";
import { renderRoutes } from "../../../model/render/routes.ts";
import { renderShared } from "../../../model/render/shared.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { hostOf } from "../stack/main-host.ts";

/** Renders the shared services of a deployment. */
export function sharedOf(deployment: Deployment): RenderedProject {
  const { parts, networks } = hostOf(deployment);
  return renderShared(parts.shared, networks);
}

/** Renders the release of a deployment. */
export function releaseOf(deployment: Deployment): RenderedRelease {
  const { parts, networks } = hostOf(deployment);
  return renderRelease(parts.release, networks, routesOf(deployment), parts.proxy);
}

/** Renders the proxy of a deployment. */
export function proxyOf(deployment: Deployment): RenderedProject {
  const { parts, networks } = hostOf(deployment);
  return renderProxy(parts.proxy, networks);
}

/** Renders the migration of a deployment that has one. */
export function migrationOf(deployment: Deployment): RenderedMigration | undefined {
  const { parts, networks } = hostOf(deployment);
  return parts.migration && renderMigration(parts.migration, networks, deployment.environment);
}

/** Renders the proxy's dynamic file for the release of a deployment. */
export function routesOf(deployment: Deployment): string {
  const { parts } = hostOf(deployment);
  const version = deployment.release?.version ?? "none";
  return renderRoutes({ version, entryPoints: parts.proxy.entryPoints, services: parts.release.services });
}
