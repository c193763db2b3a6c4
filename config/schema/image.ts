import { z } from "zod";
import { parseImageReference } from "../../model/stack/images/reference.ts";

/** The name of an image, by tag or by digest. */
export const imageName = z
  .string()
  .refine(
    (text) => parseImageReference(text) !== undefined,
    "is not an image name; write it as registry/repository:tag, such as traefik:v3.6",
  );

/** A platform of servers. */
export const platform = z.enum(["linux/amd64", "linux/arm64"]);
