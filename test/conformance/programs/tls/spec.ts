import { z } from "zod";

/** The parameters of certificates.ts. */
export const tlsSpec = z.strictObject({
  /** A name in the server's certificate. */
  dnsName: z.string(),
});

/** The keys that the program generates, with their arguments. */
export const keys = {
  ed25519: { algorithm: "ED25519" },
  rsa: { algorithm: "RSA" },
  "rsa-3072": { algorithm: "RSA", rsaBits: 3072 },
  ecdsa: { algorithm: "ECDSA" },
  "ecdsa-p256": { algorithm: "ECDSA", ecdsaCurve: "P256" },
  "ecdsa-p384": { algorithm: "ECDSA", ecdsaCurve: "P384" },
  "ecdsa-p521": { algorithm: "ECDSA", ecdsaCurve: "P521" },
} as const;

export type KeyName = keyof typeof keys;

/** The keys for which the program makes certificates. */
export const serverKeys = ["ed25519", "rsa", "ecdsa-p256"] as const;
