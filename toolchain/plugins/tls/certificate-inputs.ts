import { z } from "zod";
import { allowedUsesSchema } from "./allowed-uses.ts";

/** The inputs that all kinds of certificates share. */
export const certificateInputs = {
  allowedUses: allowedUsesSchema,
  validityPeriodHours: z.int().min(0),
  earlyRenewalHours: z.int().min(0).exactOptional(),
  isCaCertificate: z.boolean().exactOptional(),
  maxPathLength: z.int().min(-1).exactOptional(),
  setSubjectKeyId: z.boolean().exactOptional(),
};

/** The parsed form of `certificateInputs`. */
export type CertificateInputs = z.infer<z.ZodObject<typeof certificateInputs>>;

/** The default values of these inputs. */
export const certificateDefaults = { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false } as const;
