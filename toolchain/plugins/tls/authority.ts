import { AsnConvert } from "@peculiar/asn1-schema";
import {
  BasicConstraints,
  Certificate,
  SubjectKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_subjectKeyIdentifier,
  type Name,
} from "@peculiar/asn1-x509";
import { extensionValue } from "./extension.ts";
import { fromPem } from "./pem.ts";
import type { SigningKey } from "./signing-key.ts";

/** The certificate of an authority that signs others. */
export class Authority {
  readonly name: Name;
  readonly isAuthority: boolean;
  readonly #publicKeyInfo: Buffer;
  readonly #keyId: Uint8Array<ArrayBuffer> | undefined;

  /** Reads a certificate in PEM. */
  constructor(pem: string) {
    const { subject, subjectPublicKeyInfo, extensions } = parse(pem);
    this.name = subject;
    this.#publicKeyInfo = der(subjectPublicKeyInfo);
    this.isAuthority = extensionValue(extensions, id_ce_basicConstraints, BasicConstraints)?.cA ?? false;
    const keyId = extensionValue(extensions, id_ce_subjectKeyIdentifier, SubjectKeyIdentifier);
    this.#keyId = keyId && new Uint8Array(keyId.buffer);
  }

  /** The authority key identifier of a certificate; a certificate with the authority's own subject gets none. */
  keyIdFor(subject: Name): Uint8Array<ArrayBuffer> | undefined {
    return der(subject).equals(der(this.name)) ? undefined : this.#keyId;
  }

  /** Fails unless the key belongs to this certificate. */
  ensureKey(signer: SigningKey): void {
    if (der(signer.publicKeyInfo).equals(this.#publicKeyInfo)) return;
    throw new Error("Failed to create certificate: x509: provided PrivateKey doesn't match parent's PublicKey");
  }
}

/** Parses the certificate, with the official provider's error. */
function parse(pem: string): Certificate["tbsCertificate"] {
  try {
    return AsnConvert.parse(fromPem("CERTIFICATE", pem), Certificate).tbsCertificate;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Failed to parse CA certificate PEM: ${reason}`, { cause: error });
  }
}

/** The encoded form of an ASN.1 structure, for comparisons. */
function der(structure: object): Buffer {
  return Buffer.from(AsnConvert.serialize(structure));
}
