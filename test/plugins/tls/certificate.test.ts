import { X509Certificate, createHash, createPublicKey } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { isSecret, unknownMark, type SavedOnWire } from "../base/engine-side.ts";
import { make, openssl, text, tls } from "./tls-client.ts";

let key: SavedOnWire;
let authority: SavedOnWire;

const forServer = { allowedUses: ["digital_signature", "key_encipherment", "server_auth"], validityPeriodHours: 24 };
const forAuthority = {
  allowedUses: ["cert_signing", "crl_signing"],
  validityPeriodHours: 1000,
  isCaCertificate: true,
  subject: { commonName: "Our CA", organization: "Slipway" },
};

async function newKey(algorithm = "ECDSA", ecdsaCurve = "P256"): Promise<SavedOnWire> {
  return make("PrivateKey", { algorithm, ecdsaCurve });
}

function certificate(made: SavedOnWire): X509Certificate {
  return new X509Certificate(text(made, "certPem"));
}

beforeAll(async () => {
  key = await newKey();
  authority = await make("SelfSignedCert", { ...forAuthority, privateKeyPem: text(key, "privateKeyPem") });
});

function requestFor(requestKey: SavedOnWire, program = {}): Promise<SavedOnWire> {
  return make("CertRequest", { privateKeyPem: text(requestKey, "privateKeyPem"), ...program });
}

function signed(request: SavedOnWire, program = {}): Promise<SavedOnWire> {
  return make("LocallySignedCert", {
    ...forServer,
    caCertPem: text(authority, "certPem"),
    caPrivateKeyPem: text(key, "privateKeyPem"),
    certRequestPem: text(request, "certRequestPem"),
    ...program,
  });
}

for (const [algorithm, curve] of [
  ["RSA"],
  ["ED25519"],
  ["ECDSA", "P224"],
  ["ECDSA", "P256"],
  ["ECDSA", "P384"],
  ["ECDSA", "P521"],
] as const) {
  test(`an ${[algorithm, curve].filter(Boolean).join(" ")} key signs its certificate and its request`, async () => {
    const signer = await newKey(algorithm, curve);
    const program = { ...forAuthority, privateKeyPem: text(signer, "privateKeyPem") };
    const made = await make("SelfSignedCert", program);
    const parsed = certificate(made);
    expect(parsed.verify(createPublicKey(text(signer, "publicKeyPem")))).toBe(true);
    expect(made.state["keyAlgorithm"]).toBe(algorithm);
    expect(BigInt(`0x${parsed.serialNumber}`).toString()).toBe(made.id);

    const request = await requestFor(signer, { subject: { commonName: "x" } });
    expect(request.state["keyAlgorithm"]).toBe(algorithm);
    expect(request.id).toMatch(/^[0-9a-f]{40}$/);
    expect(openssl(text(request, "certRequestPem"), "req", "-noout", "-verify") ?? "OK").toMatch(/OK/);
  });
}

test("a self-signed certificate has the names, uses and validity of the program", async () => {
  const made = await make("SelfSignedCert", {
    ...forServer,
    privateKeyPem: text(key, "privateKeyPem"),
    dnsNames: ["app.example.com", "*.example.com"],
    ipAddresses: ["127.0.0.1", "fd00::1"],
    uris: ["https://example.com/a"],
    subject: { commonName: "app.example.com", organization: "Müller & Söhne", streetAddresses: ["A 1", "B 2"] },
  });
  const parsed = certificate(made);
  expect(parsed.subject).toBe("O=Müller & Söhne\nstreet=A 1 + street=B 2\nCN=app.example.com");
  expect(parsed.issuer).toBe(parsed.subject);
  const types = openssl(text(made, "certPem"), "x509", "-noout", "-subject", "-nameopt", "RFC2253,show_type");
  if (types !== undefined) expect(types).toMatch(/CN=PRINTABLESTRING:.*O=UTF8STRING:/);
  expect(parsed.subjectAltName).toBe(
    "DNS:app.example.com, DNS:*.example.com, IP Address:127.0.0.1, IP Address:FD00:0:0:0:0:0:0:1, " +
      "URI:https://example.com/a",
  );
  expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(parsed.ca).toBe(false);
  const { readyForRenewal, earlyRenewalHours } = made.state;
  expect({ readyForRenewal, earlyRenewalHours }).toEqual({ readyForRenewal: false, earlyRenewalHours: 0 });
  const [start, end] = [new Date(text(made, "validityStartTime")), new Date(text(made, "validityEndTime"))];
  expect(end.getTime() - start.getTime()).toBe(24 * 3_600_000);
  expect(Date.parse(parsed.validTo)).toBe(Math.floor(end.getTime() / 1000) * 1000);
});

/** The object identifiers of the extended uses, by the provider's names. */
const extendedUses: Readonly<Record<string, string>> = {
  any_extended: "2.5.29.37.0",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
};

test("a certificate contains every allowed use that the provider knows", async () => {
  const some = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"];
  const uses = [...some, "cert_signing", "crl_signing", "encipher_only", "decipher_only"];
  const allowedUses = [...uses, ...Object.keys(extendedUses)];
  const program = { ...forAuthority, allowedUses, privateKeyPem: text(key, "privateKeyPem") };
  const made = await make("SelfSignedCert", program);
  expect(certificate(made).keyUsage).toEqual(Object.values(extendedUses));
  const shown = openssl(text(made, "certPem"), "x509", "-noout", "-text");
  if (shown === undefined) return;
  expect(shown).toContain(
    "Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment, Key Agreement, " +
      "Certificate Sign, CRL Sign, Encipher Only, Decipher Only",
  );
});

test("an authority's certificate contains its key's identifier, and a path length of 1 or more", async () => {
  expect(certificate(authority).ca).toBe(true);
  const program = { ...forAuthority, privateKeyPem: text(key, "privateKeyPem"), setAuthorityKeyId: true };
  const limited = await make("SelfSignedCert", { ...program, maxPathLength: 2 });
  const unlimited = await make("SelfSignedCert", { ...program, maxPathLength: 0 });
  const shown = openssl(text(limited, "certPem"), "x509", "-noout", "-text");
  if (shown === undefined) return;
  expect(shown).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:2/);
  const ids = [...shown.matchAll(/Key Identifier:\s+([0-9A-F:]{59})/g)].map((match) => match[1]);
  const bits = createPublicKey(text(key, "publicKeyPem")).export({ type: "spki", format: "der" }).subarray(-65);
  const id = createHash("sha1").update(bits).digest("hex").toUpperCase().match(/../g)?.join(":");
  expect(ids).toEqual([id, id]);
  expect(openssl(text(unlimited, "certPem"), "x509", "-noout", "-text")).not.toContain("pathlen");
});

test("an authority signs a certificate with the request's subject and names, and itself as the issuer", async () => {
  const requester = await newKey("RSA");
  const names = { dnsNames: ["app.example.com"], ipAddresses: ["10.0.0.1"], uris: ["https://example.com"] };
  const subject = { commonName: "app", country: "DE", emailAddress: "ops@example.com" };
  const request = await requestFor(requester, { ...names, subject });
  const shown = openssl(text(request, "certRequestPem"), "req", "-noout", "-text");
  if (shown !== undefined) expect(shown).toMatch(/DNS:app.example.com, IP Address:10.0.0.1, URI:https:\/\/example.com/);

  const made = await signed(request, { setSubjectKeyId: true });
  const parsed = certificate(made);
  expect(parsed.verify(createPublicKey(text(key, "publicKeyPem")))).toBe(true);
  expect(parsed.checkIssued(certificate(authority))).toBe(true);
  expect(parsed.publicKey.equals(createPublicKey(text(requester, "publicKeyPem")))).toBe(true);
  // As with the official provider, the e-mail address is lost.
  expect(parsed.subject).toBe("C=DE\nCN=app");
  expect(parsed.issuer).toBe("O=Slipway\nCN=Our CA");
  expect(parsed.subjectAltName).toBe("DNS:app.example.com, IP Address:10.0.0.1, URI:https://example.com");
  expect(made.state["caKeyAlgorithm"]).toBe("ECDSA");
});

test("keys are secret inputs and outputs; certificates are not secret", () =>
  tls("SelfSignedCert", async (engine) => {
    const program = { ...forServer, privateKeyPem: text(key, "privateKeyPem") };
    const { inputs } = await engine.check(program);
    expect(isSecret(inputs["privateKeyPem"])).toBe(true);
    const { state } = await engine.create(program);
    expect(isSecret(state["privateKeyPem"])).toBe(true);
    expect(isSecret(state["certPem"])).toBe(false);
  }));

test("a preview of a new certificate shows its inputs with their defaults", () =>
  tls("SelfSignedCert", async (engine) => {
    const { state } = await engine.create({ ...forServer, privateKeyPem: unknownMark }, { preview: true });
    const defaults = { earlyRenewalHours: 0, isCaCertificate: false, readyForRenewal: false, setAuthorityKeyId: false };
    const unknowns = { certPem: unknownMark, keyAlgorithm: unknownMark, validityEndTime: unknownMark };
    expect(state).toMatchObject({ ...forServer, ...defaults, ...unknowns });
  }));

test("rejects invalid certificates, with the official plugin's messages", async () => {
  const privateKeyPem = text(key, "privateKeyPem");
  const failures: [string, object][] = [
    ["Must contain at least one Distinguished Name", { ...forServer, privateKeyPem, isCaCertificate: true }],
    ["Could not determine Authority Key Identifier", { ...forServer, privateKeyPem, setAuthorityKeyId: true }],
    ["x509: only CAs are allowed to specify MaxPathLen", { ...forServer, privateKeyPem, maxPathLength: 1 }],
    ["Failed to parse private key PEM: ", { ...forServer, privateKeyPem: "nonsense" }],
    [
      'Invalid IP address: Failed to parse "example.com"',
      { ...forServer, privateKeyPem, ipAddresses: ["example.com"] },
    ],
  ];
  for (const [message, program] of failures) {
    await expect(make("SelfSignedCert", { ...program })).rejects.toThrow(message);
  }
  const request = await requestFor(key);
  const otherKey = text(await newKey(), "privateKeyPem");
  await expect(signed(request, { caPrivateKeyPem: otherKey })).rejects.toThrow("doesn't match parent's PublicKey");
  await expect(signed(request, { caCertPem: "x" })).rejects.toThrow("Failed to parse CA certificate PEM");
  await expect(signed(request, { certRequestPem: "x" })).rejects.toThrow("Failed to parse certificate request PEM");
});
