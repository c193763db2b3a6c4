import type { SubjectPublicKeyInfo } from "@peculiar/asn1-x509";
import { z } from "zod";
import { alternativeNameInputs } from "./alternative-names.ts";
import { issueCertificate } from "./certificate.ts";
import { certificateDefaults, certificateInputs } from "./certificate-inputs.ts";
import { certificateType, type SignedCertificate } from "./certificate-type.ts";
import { subjectKeyIdentifier } from "./key-identifier.ts";
import { readSigningKey } from "./signing-key.ts";
import { subjectName, subjectSchema } from "./subject.ts";

const inputs = z.strictObject({
  ...certificateInputs,
  ...alternativeNameInputs,
  privateKeyPem: z.string(),
  setAuthorityKeyId: z.boolean().exactOptional(),
  subject: subjectSchema.exactOptional(),
});

type Inputs = z.infer<typeof inputs>;

/** `tls.SelfSignedCert`: a certificate that is signed with its own key. */
export const selfSignedCert = certificateType<Inputs>({
  token: "tls:index/selfSignedCert:SelfSignedCert",
  inputs,
  inputNames: Object.keys(inputs.shape),
  defaults: { ...certificateDefaults, setAuthorityKeyId: false },
  secrets: ["privateKeyPem"],
  algorithmOutput: "keyAlgorithm",
  issue,
});

function issue(given: Inputs): SignedCertificate {
  const signer = readSigningKey("private key", given.privateKeyPem);
  const { publicKeyInfo } = signer;
  const subject = subjectName(given.subject);
  const authorityKeyId = given.setAuthorityKeyId === true ? ownKeyId(given, publicKeyInfo) : undefined;
  const parties = { subject, names: given, publicKeyInfo, issuer: subject, signer, authorityKeyId };
  return { ...issueCertificate(parties, given), algorithm: signer.algorithm };
}

/** The authority key identifier, which for a self-signed certificate is that of its own key. */
function ownKeyId({ isCaCertificate, setSubjectKeyId }: Inputs, key: SubjectPublicKeyInfo): Uint8Array<ArrayBuffer> {
  if (isCaCertificate === true || setSubjectKeyId === true) return subjectKeyIdentifier(key);
  throw new Error("Invalid Certificate Authority: Could not determine Authority Key Identifier");
}
