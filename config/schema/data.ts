import { z } from "zod";
import { directory } from "./directory.ts";
import { size } from "./value.ts";

/** A folder of the server that keeps what services write. Without a path it lies in the stack's directory. */
export const dataFolder = z.strictObject({ path: directory.optional() });

/** The place of a service's data. */
export const dataSettings = z
  .strictObject({
    volume: z.string().min(1, "is empty; name a volume of the compose file").optional(),
    folder: z.string().min(1, "is empty; name a folder that the compose file mounts").optional(),
    path: directory.optional(),
  })
  .superRefine(({ volume, folder, path }, context) => {
    if ((volume === undefined) === (folder === undefined))
      context.addIssue("is not a place for data; name either a `volume` or a `folder` of the compose file");
    if (path !== undefined && folder === undefined)
      context.addIssue({ path: ["path"], code: "custom", message: "belongs to a folder; name the `folder`" });
  });

/** Documents bring no file that is larger, and an SSH connection carries all of them in seconds. */
const most = { file: 16 * 1024 ** 2, all: 64 * 1024 ** 2 };

/** The most bytes of delivered files: of one, and of all, which may be as large as one. */
export const fileLimits = z
  .strictObject({
    limit: size
      .refine((bytes) => bytes <= most.file, "is more than slipway delivers; use at most '16 MB'")
      .prefault("256 KB"),
    total: size
      .refine((bytes) => bytes <= most.all, "is more than slipway delivers; use at most '64 MB'")
      .prefault("1 MB"),
  })
  .transform(({ limit, total }) => ({ limit, total: Math.max(limit, total) }));
