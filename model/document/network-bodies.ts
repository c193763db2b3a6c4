import { z } from "zod";

const names = z.record(z.string(), z.string());

const yes = z.literal("true").optional();

/** A network that the server makes, or one that others have made. */
export const network = z.strictObject({
  external: yes,
  internal: yes,
  ipv4: z.literal("false").optional(),
  ipv6: yes,
  attachable: yes,
  options: names.optional(),
  labels: names.optional(),
  /** By number: the addresses that are named for it. */
  ranges: z
    .record(
      z.string(),
      z.strictObject({
        subnet: z.string(),
        gateway: z.string().optional(),
        dynamic: z.string().optional(),
        reserved: names.optional(),
      }),
    )
    .optional(),
  /** The bits of the subnet that the server chooses. */
  prefix: z
    .string()
    .regex(/^(1[6-9]|2[0-9])$/)
    .transform(Number)
    .optional(),
});

/** A container's place in a network: further names, separated by spaces, and the address that no other one gets. */
export const join = z.strictObject({ aliases: z.string().optional(), fixed: yes });
