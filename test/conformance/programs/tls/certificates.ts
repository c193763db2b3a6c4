import * as tls from "@pulumi/tls";
import { given } from "../../../pulumi/given.ts";
import { type KeyName, keys, serverKeys, tlsSpec } from "./spec.ts";

const { dnsName } = given(tlsSpec);
const subject = { commonName: "Conformance", organization: "Slipway" };
const serverNames = {
  dnsNames: [dnsName, "*.example.test"],
  ipAddresses: ["127.0.0.1", "::1"],
  uris: ["spiffe://example.test/server"],
};
const serverUses = ["digital_signature", "key_encipherment", "server_auth", "client_auth"];

const privateKeys = new Map(Object.entries(keys).map(([name, args]) => [name, new tls.PrivateKey(name, args)]));
const authorityKey = new tls.PrivateKey("authority-key", { algorithm: "ECDSA", ecdsaCurve: "P256" });

const authority = new tls.SelfSignedCert("authority", {
  privateKeyPem: authorityKey.privateKeyPem,
  subject: { ...subject, commonName: "Conformance authority" },
  isCaCertificate: true,
  setSubjectKeyId: true,
  setAuthorityKeyId: true,
  allowedUses: ["cert_signing", "crl_signing"],
  validityPeriodHours: 87_600,
});

const requests = serverKeys.map(
  (name) =>
    new tls.CertRequest(`request-${name}`, {
      privateKeyPem: key(name).privateKeyPem,
      subject: { ...subject, commonName: name },
      ...serverNames,
    }),
);

const signed = requests.map(
  (request, index) =>
    new tls.LocallySignedCert(`signed-${serverKeys[index] ?? ""}`, {
      caCertPem: authority.certPem,
      caPrivateKeyPem: authorityKey.privateKeyPem,
      certRequestPem: request.certRequestPem,
      allowedUses: serverUses,
      validityPeriodHours: 48,
      setSubjectKeyId: true,
    }),
);

const alone = serverKeys.map(
  (name) =>
    new tls.SelfSignedCert(`alone-${name}`, {
      privateKeyPem: key(name).privateKeyPem,
      subject,
      ...serverNames,
      allowedUses: serverUses,
      validityPeriodHours: 48,
      earlyRenewalHours: 24,
    }),
);

/** Due for renewal at once: its early renewal covers its whole validity. */
const due = new tls.SelfSignedCert("due", {
  privateKeyPem: key("ed25519").privateKeyPem,
  allowedUses: [],
  validityPeriodHours: 2,
  earlyRenewalHours: 2,
});

const dueOnRequest = new tls.LocallySignedCert("due-on-request", {
  caCertPem: authority.certPem,
  caPrivateKeyPem: authorityKey.privateKeyPem,
  certRequestPem: requests[0]?.certRequestPem ?? "",
  allowedUses: [],
  validityPeriodHours: 2,
  earlyRenewalHours: 3,
});

function key(name: KeyName): tls.PrivateKey {
  const found = privateKeys.get(name);
  if (found === undefined) throw new Error(`there is no key "${name}"`);
  return found;
}

function byName<Resource>(resources: readonly Resource[]): Record<string, Resource> {
  return Object.fromEntries(resources.map((resource, index) => [serverKeys[index] ?? "", resource]));
}

export const results = {
  keys: Object.fromEntries(privateKeys),
  authorityKey,
  authority,
  requests: byName(requests),
  signed: byName(signed),
  alone: byName(alone),
  due,
  dueOnRequest,
};
