import { CertificationRequest } from "@peculiar/asn1-csr";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Extensions, type Name, type SubjectPublicKeyInfo } from "@peculiar/asn1-x509";
import { alternativeNamesOf, type AlternativeNames } from "./alternative-names.ts";
import { fromPem } from "./pem.ts";

/** The identifier of the attribute with the extensions that a request asks for. */
export const extensionRequest = "1.2.840.113549.1.9.14";

/** The parts of a certificate request that a certificate is made from. */
interface Request {
  readonly subject: Name;
  readonly names: AlternativeNames;
  readonly publicKeyInfo: SubjectPublicKeyInfo;
}

/** Parses a certificate request in PEM. */
export function readRequest(pem: string): Request {
  try {
    return parseRequest(fromPem("CERTIFICATE REQUEST", pem));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Failed to parse certificate request PEM: ${reason}`, { cause: error });
  }
}

function parseRequest(der: Buffer): Request {
  const { subject, subjectPKInfo, attributes } = AsnConvert.parse(der, CertificationRequest).certificationRequestInfo;
  const asked = attributes.find(({ type }) => type === extensionRequest)?.values[0];
  const extensions = asked === undefined ? new Extensions() : AsnConvert.parse(asked, Extensions);
  return { subject, names: alternativeNamesOf(extensions), publicKeyInfo: subjectPKInfo };
}
