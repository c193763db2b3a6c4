import { z } from "zod";
import { allowedUsesSchema } from "./allowed-uses.ts";

/** The inputs that every kind of certificate has. */
export const certificateInputs = {
  allowedUses: allowedUsesSchema,
  validityPeriodHours: z.int().min(0),
  earlyRenewalHours: z.int().min(0).exactOptional(),
  isCaCertificate: z.boolean().exactOptional(),
  maxPathLength: z.int().min(-1).exactOptional(),
  setSubjectKeyId: z.boolean().exactOptional(),
};

/** The inputs that every kind of certificate has, checked. */
export type CertificateInputs = z.infer<z.ZodObject<typeof certificateInputs>>;

/** What they are when a program leaves them out. */
export const certificateDefaults = { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false } as const;
