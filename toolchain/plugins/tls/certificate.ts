import { randomBytes } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extensions,
  KeyIdentifier,
  SubjectKeyIdentifier,
  TBSCertificate,
  Validity,
  Version,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_subjectKeyIdentifier,
  type Extension,
  type Name,
  type SubjectPublicKeyInfo,
} from "@peculiar/asn1-x509";
import { allowedUsesExtensions } from "./allowed-uses.ts";
import { alternativeNamesExtension, type AlternativeNames } from "./alternative-names.ts";
import type { CertificateInputs } from "./certificate-inputs.ts";
import { extension } from "./extension.ts";
import { subjectKeyIdentifier } from "./key-identifier.ts";
import { toPem } from "./pem.ts";
import type { SigningKey } from "./signing-key.ts";

/** The subject and the issuer of a certificate, with their keys. */
interface CertificateParties {
  readonly subject: Name;
  readonly names: AlternativeNames;
  readonly publicKeyInfo: SubjectPublicKeyInfo;
  readonly issuer: Name;
  readonly signer: SigningKey;
  /** The identifier of the issuer's key; undefined for a certificate without one. */
  readonly authorityKeyId: Uint8Array<ArrayBuffer> | undefined;
}

/** The outputs of a certificate. */
export interface IssuedCertificate {
  readonly id: string;
  readonly certPem: string;
  readonly validityStartTime: string;
  readonly validityEndTime: string;
}

/** Signs a certificate whose validity starts now. */
export function issueCertificate(parties: CertificateParties, inputs: CertificateInputs): IssuedCertificate {
  const notBefore = new Date();
  const notAfter = new Date(notBefore.getTime() + inputs.validityPeriodHours * 3_600_000);
  const serialNumber = positiveSerial();
  const { subject, issuer, publicKeyInfo, signer } = parties;
  ensureAuthorityHasName(subject, inputs);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber.buffer,
    signature: signer.signatureAlgorithm,
    issuer,
    validity: new Validity({ notBefore, notAfter }),
    subject,
    subjectPublicKeyInfo: publicKeyInfo,
    extensions: new Extensions(extensions(parties, inputs)),
  });
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: signer.signatureAlgorithm,
    signatureValue: signer.sign(new Uint8Array(AsnConvert.serialize(tbsCertificate))).buffer,
  });
  return {
    id: BigInt(`0x${Buffer.from(serialNumber).toString("hex")}`).toString(),
    certPem: toPem("CERTIFICATE", new Uint8Array(AsnConvert.serialize(certificate))),
    validityStartTime: notBefore.toISOString(),
    validityEndTime: notAfter.toISOString(),
  };
}

function ensureAuthorityHasName(subject: Name, { isCaCertificate }: CertificateInputs): void {
  if (isCaCertificate !== true || subject.length > 0) return;
  throw new Error(
    "Invalid Certificate Subject: " +
      "Must contain at least one Distinguished Name when creating Certificate Authority (CA)",
  );
}

function extensions(parties: CertificateParties, inputs: CertificateInputs): Extension[] {
  return [
    ...allowedUsesExtensions(inputs.allowedUses),
    extension(id_ce_basicConstraints, basicConstraints(inputs), true),
    ...subjectKeyExtension(parties, inputs),
    ...authorityKeyExtension(parties.authorityKeyId),
    ...alternativeNamesExtension(parties.names, parties.subject.length === 0),
  ];
}

function basicConstraints({ isCaCertificate = false, maxPathLength = -1 }: CertificateInputs): BasicConstraints {
  // Like the official provider, which cannot tell a length of 0 from none, this leaves 0 out.
  if (maxPathLength <= 0) return new BasicConstraints({ cA: isCaCertificate });
  if (!isCaCertificate) {
    throw new Error("Failed to create certificate: x509: only CAs are allowed to specify MaxPathLen");
  }
  return new BasicConstraints({ cA: true, pathLenConstraint: maxPathLength });
}

/** The identifier of the certificate's own key; authorities always have one. */
function subjectKeyExtension(
  { publicKeyInfo }: CertificateParties,
  { isCaCertificate, setSubjectKeyId }: CertificateInputs,
): Extension[] {
  if (isCaCertificate !== true && setSubjectKeyId !== true) return [];
  return [extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(subjectKeyIdentifier(publicKeyInfo)))];
}

function authorityKeyExtension(keyId: Uint8Array<ArrayBuffer> | undefined): Extension[] {
  if (keyId === undefined) return [];
  const keyIdentifier = new KeyIdentifier(keyId);
  return [extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier }))];
}

function positiveSerial(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(randomBytes(16));
  // The leading bits 01 make the number positive and exactly sixteen bytes long.
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}
