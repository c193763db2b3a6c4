import { z } from "zod";

/** The values that were built into images, by name. */
export const buildArguments = z.record(
  z.string(),
  z.strictObject({
    value: z.string(),
    /** Present where no other environment may run the image. */
    environment: z.literal("true").optional(),
  }),
);

/** What the release document says of the schema of the database; `contract` does not work with the release before. */
export const schemaOfRelease = { schema: z.string().optional(), contract: z.literal("true").optional() };
