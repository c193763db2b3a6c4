import { createHash } from "node:crypto";
import { Attributes, CertificationRequest, CertificationRequestInfo } from "@peculiar/asn1-csr";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Attribute, Extensions } from "@peculiar/asn1-x509";
import { z } from "zod";
import { inputDifference, resourceType } from "../base/resource-type.ts";
import { alternativeNameInputs, alternativeNamesExtension, type AlternativeNames } from "./alternative-names.ts";
import { toPem } from "./pem.ts";
import { pick } from "./renewal.ts";
import { extensionRequest } from "./request.ts";
import { readSigningKey, type SigningKey } from "./signing-key.ts";
import { subjectName, subjectSchema } from "./subject.ts";

const inputs = z.strictObject({
  ...alternativeNameInputs,
  privateKeyPem: z.string(),
  subject: subjectSchema.exactOptional(),
});

type Inputs = z.infer<typeof inputs>;

const inputNames = Object.keys(inputs.shape);

/** `tls.CertRequest`: a request to an authority for a certificate. */
export const certRequest = resourceType<Inputs, unknown>({
  token: "tls:index/certRequest:CertRequest",
  inputs,
  state: z.unknown(),
  computed: ["id", "certRequestPem", "keyAlgorithm"],
  secrets: ["privateKeyPem"],
  replaceOnChanges: [],
  diff: (old, news) => inputDifference(pick(old.state, inputNames), news, inputNames),
  create: async (given) => {
    const signer = readSigningKey("private key", given.privateKeyPem);
    const request = signedRequest(given, signer);
    const id = createHash("sha1").update(request).digest("hex");
    const certRequestPem = toPem("CERTIFICATE REQUEST", request);
    return Promise.resolve({ id, state: { ...given, id, certRequestPem, keyAlgorithm: signer.algorithm } });
  },
});

/** Builds a PKCS #10 request and signs it with its own key. */
function signedRequest(given: Inputs, signer: SigningKey): Uint8Array {
  const certificationRequestInfo = new CertificationRequestInfo({
    version: 0,
    subject: subjectName(given.subject),
    subjectPKInfo: signer.publicKeyInfo,
    attributes: attributesFor(given),
  });
  const request = new CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: signer.signatureAlgorithm,
    signature: signer.sign(new Uint8Array(AsnConvert.serialize(certificationRequestInfo))).buffer,
  });
  return new Uint8Array(AsnConvert.serialize(request));
}

/** The attribute with the requested extensions; none if there are no alternative names. */
function attributesFor(names: AlternativeNames): Attributes {
  const asked = alternativeNamesExtension(names, false);
  if (asked.length === 0) return new Attributes();
  const values = [AsnConvert.serialize(new Extensions(asked))];
  return new Attributes([new Attribute({ type: extensionRequest, values })]);
}
