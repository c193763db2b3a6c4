import { z } from "zod";
import type { Operation } from "../base/resource-type.ts";
import { Authority } from "./authority.ts";
import { issueCertificate } from "./certificate.ts";
import { certificateDefaults, certificateInputs } from "./certificate-inputs.ts";
import { certificateType, type SignedCertificate } from "./certificate-type.ts";
import { readRequest } from "./request.ts";
import { readSigningKey } from "./signing-key.ts";
import { subjectOfRequest } from "./subject.ts";

const inputs = z.strictObject({
  ...certificateInputs,
  caCertPem: z.string(),
  caPrivateKeyPem: z.string(),
  certRequestPem: z.string(),
});

type Inputs = z.infer<typeof inputs>;

/** `tls.LocallySignedCert`: a certificate that the program's own authority signs for a request. */
export const locallySignedCert = certificateType<Inputs>({
  token: "tls:index/locallySignedCert:LocallySignedCert",
  inputs,
  inputNames: Object.keys(inputs.shape),
  defaults: certificateDefaults,
  secrets: ["caPrivateKeyPem"],
  algorithmOutput: "caKeyAlgorithm",
  issue,
});

async function issue(given: Inputs, operation: Operation): Promise<SignedCertificate> {
  const request = readRequest(given.certRequestPem);
  const signer = readSigningKey("CA private key", given.caPrivateKeyPem);
  const authority = new Authority(given.caCertPem);
  await warnUnlessAuthority(authority, operation);
  authority.ensureKey(signer);
  const subject = subjectOfRequest(request.subject);
  const parties = { ...request, subject, issuer: authority.name, signer, authorityKeyId: authority.keyIdFor(subject) };
  return { ...issueCertificate(parties, given), algorithm: signer.algorithm };
}

/** Logs the official provider's warning about a signing certificate that is no CA certificate. */
async function warnUnlessAuthority({ isAuthority }: Authority, operation: Operation): Promise<void> {
  if (isAuthority) return;
  const message =
    "[WARNING] Certificate provided as Authority does not appear to be a valid Certificate Authority. " +
    "The resulting certificate might fail certificate validation.: Potentially Invalid Certificate Authority";
  await operation.log({ message, severity: "warning" });
}
