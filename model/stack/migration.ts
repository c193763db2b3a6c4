import type { Service } from "../compose/application.ts";
import type { Problem } from "../problem.ts";
import { digestReference, type Release } from "./release.ts";
import type { ServiceBase } from "./service.ts";
import { hasRelease, type Stack } from "./stack.ts";

/** Requires a migration from the release (F75): the digest of the application that shares its image's repository. */
export function ensureMigrationIsOfTheRelease({ services, release }: Stack): Problem[] {
  if (release === undefined) return [];
  return services
    .filter(({ part }) => part === "migration")
    .flatMap((migration) => otherImage(migration, services, release));
}

function otherImage({ name, image }: ServiceBase, services: readonly ServiceBase[], release: Release): Problem[] {
  if (!digestReference.test(image)) return [];
  const sharing = services
    .filter(({ part }) => part === "release")
    .map((service) => ({ name: service.name, image: release.images[service.name] }))
    .filter((service) => repositoryOf(service.image) === repositoryOf(image));
  if (sharing.length === 0 || sharing.some((service) => digestOf(service.image) === digestOf(image))) return [];
  const others = sharing
    .map((service) => service.name)
    .sort()
    .join(" and ");
  const what = `has another image for '${name}' than for ${others}, whose repository it shares, got '${image}'`;
  return [{ path: "release.images", what, todo: "let the build job write one digest for them" }];
}

/** Requires a release that the migrations prepare the databases for. */
export function ensureMigrationHasARelease(stack: Stack): Problem[] {
  const names = stack.services.filter(({ part }) => part === "migration").map(({ name }) => `'${name}'`);
  if (names.length === 0 || hasRelease(stack)) return [];
  const what = `runs once for each release, and no service of this stack belongs to one, got ${names.join(" and ")}`;
  const todo =
    "mark the services that are released with services.<service>.release, or remove this key: a service that others " +
    "wait for with `condition: service_completed_successfully` is a job, which runs before them";
  return [{ path: "migration", what, todo }];
}

/** Requires that another service mounts each volume of the migration; slipway creates no volume for it alone. */
export function ensureMigrationKeepsNoVolume({ services }: { readonly services: readonly ServiceBase[] }): Problem[] {
  const deployed = services.filter(({ part }) => part !== "migration");
  const created = new Set(deployed.flatMap(({ compose }) => namedVolumes(compose.mounts)));
  return services
    .filter(({ part }) => part === "migration")
    .flatMap(({ name, mounts }) => namedVolumes(mounts).map((volume) => ({ name, volume })))
    .filter(({ volume }) => !created.has(volume))
    .map(({ name, volume }) => ({
      path: `compose.services.${name}.volumes`,
      what: `mount a volume that no service of the deployment has, got '${volume}'`,
      todo: `let the migration keep its state in the database, or drop the mount with services.${name}.drop`,
    }));
}

function namedVolumes(mounts: Service["mounts"]): string[] {
  return mounts.flatMap((mount) =>
    (mount.type === "volume" || mount.type === "folder") && mount.source !== undefined ? [mount.source] : [],
  );
}

/** The image without tag and digest. */
function repositoryOf(image: string | undefined): string | undefined {
  return image?.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

function digestOf(image: string | undefined): string | undefined {
  return image?.replace(/^.*@/, "");
}
