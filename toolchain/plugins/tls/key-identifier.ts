import { createHash } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import type { SubjectPublicKeyInfo } from "@peculiar/asn1-x509";

const ed25519 = "1.3.101.112";

/** The identifier of a public key in certificates: the SHA-1 of its bits. */
export function subjectKeyIdentifier({ algorithm, subjectPublicKey }: SubjectPublicKeyInfo): Uint8Array<ArrayBuffer> {
  // The official provider hashes an Ed25519 key in the form of an octet string.
  const isEd25519 = algorithm.algorithm === ed25519;
  const bits = isEd25519 ? AsnConvert.serialize(new OctetString(subjectPublicKey)) : subjectPublicKey;
  return new Uint8Array(createHash("sha1").update(new Uint8Array(bits)).digest());
}
