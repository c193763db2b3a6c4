import { z } from "zod";

/** The form of names that Compose takes for projects. */
export const composeProject = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]*$/,
    "is not a name that Compose takes; use small letters, digits, '-' and '_', and begin with a letter or digit",
  );

/** The name of a volume on a server, as Docker takes it. */
export const volumeName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
    "is not a name that Docker takes for a volume; see `docker volume ls` on the server",
  );

/** The hand-made compose project that the stack takes over, and data that it accepts as it is. */
export const adoptSettings = z
  .strictObject({
    project: composeProject.optional(),
    done: z.boolean().default(false),
    data: z.record(z.string(), z.string()).default({}),
  })
  .refine(({ project, done }) => !done || project !== undefined, {
    path: ["done"],
    message: "belongs to a project; name it in `adopt.project`, or remove `done`",
  });
