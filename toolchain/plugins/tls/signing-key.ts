import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from "@peculiar/asn1-x509";

/** The key algorithms of the tls provider. */
export type KeyAlgorithm = "RSA" | "ECDSA" | "ED25519";

/** The hash with which a key signs, and the identifier of the algorithm in certificates. */
interface Signature {
  readonly hash: string | null;
  readonly algorithm: AlgorithmIdentifier;
}

const algorithms: Readonly<Record<string, KeyAlgorithm>> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };

const rsaSignature: Signature = {
  hash: "sha256",
  algorithm: new AlgorithmIdentifier({ algorithm: "1.2.840.113549.1.1.11", parameters: null }),
};
const ed25519Signature: Signature = { hash: null, algorithm: new AlgorithmIdentifier({ algorithm: "1.3.101.112" }) };

// Go's choice of a hash for each curve.
const ecdsaSignatures: Readonly<Record<string, Signature>> = {
  secp224r1: ecdsaSignature("sha256", "1.2.840.10045.4.3.2"),
  prime256v1: ecdsaSignature("sha256", "1.2.840.10045.4.3.2"),
  secp384r1: ecdsaSignature("sha384", "1.2.840.10045.4.3.3"),
  secp521r1: ecdsaSignature("sha512", "1.2.840.10045.4.3.4"),
};

/** A private key that signs certificates and requests. */
export class SigningKey {
  readonly key: KeyObject;
  readonly algorithm: KeyAlgorithm;
  readonly publicKeyInfo: SubjectPublicKeyInfo;
  readonly #signature: Signature;

  /** Reads a key in PEM (PKCS #1, SEC 1 or PKCS #8). */
  constructor(pem: string) {
    this.key = createPrivateKey(pem);
    const type = this.key.asymmetricKeyType ?? "unknown";
    const algorithm = algorithms[type];
    if (algorithm === undefined) throw new Error(`unsupported private key type: ${type}`);
    this.algorithm = algorithm;
    this.#signature = signatureOf(this.key, algorithm);
    const spki = createPublicKey(this.key).export({ type: "spki", format: "der" });
    this.publicKeyInfo = AsnConvert.parse(spki, SubjectPublicKeyInfo);
  }

  get signatureAlgorithm(): AlgorithmIdentifier {
    return this.#signature.algorithm;
  }

  sign(data: Uint8Array): Uint8Array<ArrayBuffer> {
    return new Uint8Array(sign(this.#signature.hash, data, this.key));
  }
}

/** Parses the private key of an input. The error names the input and never contains the key. */
export function readSigningKey(inputName: string, pem: string): SigningKey {
  try {
    return new SigningKey(pem);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Failed to parse ${inputName} PEM: ${reason}`, { cause: error });
  }
}

/** The signature algorithm that Go chooses for a key. */
function signatureOf(key: KeyObject, algorithm: KeyAlgorithm): Signature {
  if (algorithm === "RSA") return rsaSignature;
  if (algorithm === "ED25519") return ed25519Signature;
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "unknown";
  const signature = ecdsaSignatures[curve];
  if (signature === undefined) throw new Error(`unsupported elliptic curve: ${curve}`);
  return signature;
}

function ecdsaSignature(hash: string, algorithm: string): Signature {
  return { hash, algorithm: new AlgorithmIdentifier({ algorithm }) };
}
