import { z } from "zod";

const key = z.object({
  id: z.string(),
  algorithm: z.string(),
  rsaBits: z.number(),
  ecdsaCurve: z.string(),
  privateKeyPem: z.string(),
  privateKeyPemPkcs8: z.string(),
  privateKeyOpenssh: z.string(),
  publicKeyPem: z.string(),
  publicKeyOpenssh: z.string(),
  publicKeyFingerprintMd5: z.string(),
  publicKeyFingerprintSha256: z.string(),
});

const request = z.object({ id: z.string(), keyAlgorithm: z.string(), certRequestPem: z.string() });

const certificate = z.object({
  id: z.string(),
  certPem: z.string(),
  keyAlgorithm: z.string().optional(),
  caKeyAlgorithm: z.string().optional(),
  validityStartTime: z.string(),
  validityEndTime: z.string(),
  readyForRenewal: z.boolean(),
  earlyRenewalHours: z.number(),
  isCaCertificate: z.boolean(),
});

/** The outputs of programs/tls/certificates.ts, with their secrets. */
export const tlsResults = z.object({
  keys: z.record(z.string(), key),
  authorityKey: key,
  authority: certificate,
  requests: z.record(z.string(), request),
  signed: z.record(z.string(), certificate),
  alone: z.record(z.string(), certificate),
  due: certificate,
  dueOnRequest: certificate,
});

export type TlsResults = z.infer<typeof tlsResults>;
export type Key = z.infer<typeof key>;
export type Certificate = z.infer<typeof certificate>;
