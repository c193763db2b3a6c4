import { z } from "zod";

/** A reference by digest, which never moves: `repository@sha256:…`, with or without a tag before the `@`. */
export const digestReference = /^[a-z0-9][a-z0-9._/:-]*(?::\w[\w.-]{0,127})?@sha256:[0-9a-f]{64}$/;

/** An image by digest. */
export const imageByDigest = z
  .string()
  .regex(digestReference, "is not pinned by digest; write repository@sha256:… with all 64 digits");

const migrationName = z.string().min(1, "is empty; write the newest migration, or leave it out");

/** The newest migration of a release; with `contract` its migrations take away what the release before needs. */
const schemaOfRelease = z.union([migrationName, z.strictObject({ head: migrationName, contract: z.literal(true) })]);

/** A value that was built into an image, or one of one environment, whose image no other environment may run. */
const buildArgument = z.union([z.string(), z.strictObject({ value: z.string(), environment: z.literal(true) })]);

/** A release as the build job writes it into the release document. */
export const releaseSchema = z.strictObject({
  version: z.string().min(1, "is empty; name the release, such as its commit"),
  /** The commit that was built. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "is not a commit; write its hash")
    .optional(),
  /** By service. */
  images: z.record(z.string(), imageByDigest),
  /** The newest migration. */
  schema: schemaOfRelease.optional(),
  /** By name. */
  buildArguments: z.record(z.string(), buildArgument).optional(),
});

/** A version of the application that a build job made once and every environment can run. */
export type Release = Readonly<z.output<typeof releaseSchema>>;

/** What documents for servers say of the schema of a release. */
export function saidSchema({ schema }: Pick<Release, "schema">): { schema?: string; contract?: "true" } {
  if (schema === undefined) return {};
  return typeof schema === "string" ? { schema } : { schema: schema.head, contract: "true" };
}

/** What documents for servers say of the values that were built into images; nothing where there are none. */
export function saidBuildArguments({ buildArguments = {} }: Pick<Release, "buildArguments">): {
  buildArguments?: Record<string, Record<string, string>>;
} {
  const said = Object.entries(buildArguments).map(([name, one]): [string, Record<string, string>] => {
    return [name, typeof one === "string" ? { value: one } : { value: one.value, environment: "true" }];
  });
  return said.length === 0 ? {} : { buildArguments: Object.fromEntries(said) };
}
