import type { Service } from "../compose/application.ts";
import type { Deployment, ServiceSettings } from "./deployment.ts";
import { releaseServices } from "./ports.ts";
import type { Problem } from "../problem.ts";
import { digestReference } from "./release.ts";

/** A service of the compose file that prepares the database for a release and ends. */
export interface Migration {
  readonly service: Service;
  readonly settings: ServiceSettings;
  /** Seconds that it may take. */
  readonly deadline: number;
}

/** The deployment with its migration among the services of the release, for those who treat it like one. */
export function withMigration(deployment: Deployment): Deployment {
  const { migration, application, services, release } = deployment;
  if (migration === undefined) return deployment;
  const { service, settings } = migration;
  const image = migrationImage(deployment, service);
  return {
    ...deployment,
    application: { ...application, services: { ...application.services, [service.name]: service } },
    services: { ...services, [service.name]: { ...settings, release: true } },
    release: release && {
      ...release,
      images: { ...release.images, ...(image !== undefined && { [service.name]: image }) },
    },
  };
}

/** The release's own image, or that of a release service for which the compose file names the same image. */
function migrationImage({ release, application, images }: Deployment, { name, image }: Service): string | undefined {
  const same = Object.values(application.services).filter((other) => image !== undefined && other.image === image);
  const candidates = [release?.images[name], ...same.map((other) => release?.images[other.name]), images[name], image];
  return candidates.find((reference) => reference !== undefined && digestReference.test(reference));
}

/** What keeps the migration from being what the release brings. */
export function migrationProblems(deployment: Deployment): Problem[] {
  const { migration, release } = deployment;
  if (migration === undefined) return [];
  return [
    ...(release === undefined ? [] : imageProblems(deployment, migration.service)),
    ...volumeProblems(deployment, migration),
  ];
}

/** F75: a migration and an application of one repository come from one build. */
function imageProblems(deployment: Deployment, service: Service): Problem[] {
  const { name } = service;
  const images = deployment.release?.images ?? {};
  const image = migrationImage(deployment, service);
  if (image === undefined) {
    const what = `has no image by digest for '${name}', got '${images[name] ?? "none"}'`;
    return [{ path: "release.images", what, todo: "let the build job write it into the release" }];
  }
  const sharing = releaseServices(deployment).filter((other) => repositoryOf(images[other]) === repositoryOf(image));
  if (sharing.length === 0 || sharing.some((other) => digestOf(images[other]) === digestOf(image))) return [];
  const what = `has another image for '${name}' than for ${sharing.join(" and ")}, whose repository it shares, got '${image}'`;
  return [{ path: "release.images", what, todo: "let the build job write one digest for them" }];
}

/** A volume that only the migration mounts would be made by nobody. */
function volumeProblems({ application }: Deployment, { service, settings }: Migration): Problem[] {
  const known = new Set(Object.values(application.services).flatMap(({ mounts }) => mounts.flatMap(namedVolume)));
  return service.mounts
    .filter(({ target }) => !settings.drop.includes(target))
    .flatMap(namedVolume)
    .filter((volume) => !known.has(volume))
    .map((volume) => ({
      path: `compose.services.${service.name}.volumes`,
      what: `mount a volume that no service of the deployment has, got '${volume}'`,
      todo: `let the migration keep its state in the database, or drop the mount with services.${service.name}.drop`,
    }));
}

function namedVolume(mount: Service["mounts"][number]): string[] {
  return mount.type === "volume" && mount.source !== undefined ? [mount.source] : [];
}

/** Without tag and digest. */
function repositoryOf(image: string | undefined): string | undefined {
  return image?.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

function digestOf(image: string | undefined): string | undefined {
  return image?.replace(/^.*@/, "");
}
