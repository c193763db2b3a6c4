import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Openssl } from "./openssl.ts";
import { type KeyName, keys, serverKeys } from "../programs/tls/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { isSecret, type State } from "../../pulumi/state.ts";
import { type Certificate, type Key, tlsResults, type TlsResults } from "./results.ts";
import { Workspace } from "../workspace.ts";

// The official tls plugin is not available from package registries, so node:crypto and openssl check the results.
let workspace: Workspace;
let openssl: Openssl;
let firstPreview: PulumiResult,
  up: PulumiResult,
  preview: PulumiResult,
  changePreview: PulumiResult,
  again: PulumiResult;
let results: TlsResults, renewed: TlsResults;
let state: State;

beforeAll(async () => {
  workspace = new Workspace("tls/certificates");
  openssl = new Openssl(workspace.folder);
  const given = { dnsName: "server.example.test" };
  firstPreview = await workspace.preview(given);
  up = await workspace.up(given);
  expect(up.exitCode, up.output).toBe(0);
  state = workspace.state();
  results = await outputs();
  preview = await workspace.preview(given, ["--expect-no-changes"]);
  changePreview = await workspace.preview({ dnsName: "other.example.test" });
  again = await workspace.up(given);
  renewed = await outputs();
});

afterAll(() => workspace.remove());

async function outputs(): Promise<TlsResults> {
  const { stdout } = await workspace.pulumi(["stack", "output", "--json", "--show-secrets"]);
  return z.object({ results: tlsResults }).parse(JSON.parse(stdout)).results;
}

describe.each(Object.keys(keys))("a private key (%s)", (name) => {
  let key: Key;
  beforeAll(() => {
    const found = results.keys[name];
    if (found === undefined) throw new Error(`there is no key "${name}"`);
    key = found;
  });

  test("is the same key in every form", () => {
    const publicKey = createPublicKey(key.publicKeyPem);
    for (const pem of [key.privateKeyPem, key.privateKeyPemPkcs8])
      expect(createPublicKey(createPrivateKey(pem)).equals(publicKey)).toBe(true);
  });

  test("has the header of its algorithm", () => {
    const header = { ED25519: "PRIVATE KEY", RSA: "RSA PRIVATE KEY", ECDSA: "EC PRIVATE KEY" }[key.algorithm];
    expect(key.privateKeyPem).toMatch(new RegExp(`^-----BEGIN ${header ?? ""}-----\n`));
    expect(key.privateKeyPemPkcs8).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(key.publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  });

  test("is read by openssl", () => {
    const file = openssl.file("key.pem", key.privateKeyPem);
    expect(openssl.run("openssl", "pkey", "-in", file, "-pubout")).toBe(key.publicKeyPem);
  });

  test("has an id of 40 hexadecimal digits (observed elsewhere)", () => {
    expect(key.id).toMatch(/^[0-9a-f]{40}$/);
  });

  test.runIf(name !== "ecdsa")("is read by OpenSSH, with the same public key and fingerprints", () => {
    const file = openssl.file("key.openssh", key.privateKeyOpenssh);
    expect(openssl.run("ssh-keygen", "-y", "-f", file).trim()).toBe(key.publicKeyOpenssh.trim());
    const fingerprint = (hash: string) => openssl.run("ssh-keygen", "-l", "-E", hash, "-f", file).split(" ")[1];
    expect(`MD5:${key.publicKeyFingerprintMd5}`).toBe(fingerprint("md5"));
    expect(key.publicKeyFingerprintSha256).toBe(fingerprint("sha256"));
  });

  test("is a secret in every form, and its public half is not (observed elsewhere)", () => {
    for (const form of ["privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"])
      expect(isSecret(state.output(name, form))).toBe(true);
    expect(state.output(name, "publicKeyPem")).toBe(key.publicKeyPem);
  });
});

test("a private key on P224, which OpenSSH does not support, has no OpenSSH form", () => {
  expect(results.keys["ecdsa"]).toMatchObject({ privateKeyOpenssh: "", publicKeyOpenssh: "" });
});

test("private keys have the requested size or curve, by default 2048 bits and P224 (observed elsewhere)", () => {
  const details = (name: KeyName) => createPublicKey(results.keys[name]?.publicKeyPem ?? "").asymmetricKeyDetails;
  expect(details("rsa")).toMatchObject({ modulusLength: 2048 });
  expect(details("rsa-3072")).toMatchObject({ modulusLength: 3072 });
  expect(details("ecdsa")).toMatchObject({ namedCurve: "secp224r1" });
  expect(details("ecdsa-p384")).toMatchObject({ namedCurve: "secp384r1" });
  expect(details("ecdsa-p521")).toMatchObject({ namedCurve: "secp521r1" });
  expect(results.keys["ed25519"]).toMatchObject({ algorithm: "ED25519", rsaBits: 2048, ecdsaCurve: "P224" });
});

test("no private key appears in the state, the output or the event log", () => {
  const planted = [...Object.values(results.keys), results.authorityKey].map(secretLine);
  for (const text of [state.text, up.output, up.events.textWithoutDebug, preview.output, firstPreview.output])
    for (const line of planted) expect(text).not.toContain(line);
  expect(isSecret(state.resource("alone-rsa").inputs["privateKeyPem"])).toBe(true);
  expect(isSecret(state.resource("signed-rsa").inputs["caPrivateKeyPem"])).toBe(true);
});

describe.each(serverKeys)("a certificate request (%s)", (name) => {
  const request = () => openssl.file("request.pem", results.requests[name]?.certRequestPem ?? "");

  test("is verified by openssl, with its subject and names", () => {
    const text = openssl.run("openssl", "req", "-in", request(), "-verify", "-noout", "-text");
    expect(text).toMatch(/self-signature verify OK/i);
    expect(text).toContain(`Subject: O = Slipway, CN = ${name}`);
    expect(text).toContain("DNS:server.example.test, DNS:*.example.test");
    expect(text).toContain("IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, URI:spiffe://example.test/server");
  });

  test("is for the key that signs it", () => {
    const asked = openssl.run("openssl", "req", "-in", request(), "-noout", "-pubkey");
    expect(asked).toBe(results.keys[name]?.publicKeyPem);
    expect(results.requests[name]?.keyAlgorithm).toBe(results.keys[name]?.algorithm);
  });
});

function certificate(kind: "signed" | "alone", name: string): Certificate {
  const found = results[kind][name];
  if (found === undefined) throw new Error(`there is no certificate "${kind}-${name}"`);
  return found;
}

const combinations = (["signed", "alone"] as const).flatMap((kind) => serverKeys.map((name) => ({ kind, name })));

describe.each(combinations)("a certificate ($kind, $name)", ({ kind, name }) => {
  const parsed = () => new X509Certificate(certificate(kind, name).certPem);

  test("has the requested names and uses", () => {
    expect(parsed().subject).toBe(`O=Slipway\nCN=${kind === "signed" ? name : "Conformance"}`);
    expect(parsed().checkHost("any.example.test")).toBe("*.example.test");
    expect(parsed().checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(parsed().checkIP("::1")).toBeDefined();
    expect(parsed().subjectAltName).toContain("URI:spiffe://example.test/server");
    expect(parsed().keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(parsed().ca).toBe(false);
  });

  test("is for its key, and signed by its issuer", () => {
    const { privateKeyPem, publicKeyPem } = results.keys[name] ?? results.authorityKey;
    const issuer = kind === "signed" ? results.authorityKey.publicKeyPem : publicKeyPem;
    expect(parsed().checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
    expect(parsed().verify(createPublicKey(issuer))).toBe(true);
  });

  test("is valid for the requested hours, starting now", () => {
    const { validityStartTime, validityEndTime } = certificate(kind, name);
    expect(Date.parse(validityEndTime) - Date.parse(validityStartTime)).toBe(48 * 3_600_000);
    // The times in a certificate are whole seconds; the outputs have fractions.
    const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
    expect(seconds(parsed().validFrom)).toBe(seconds(validityStartTime));
    expect(seconds(parsed().validTo)).toBe(seconds(validityEndTime));
    expect(Math.abs(Date.now() - Date.parse(validityStartTime))).toBeLessThan(3_600_000);
  });

  test("has its decimal serial number as id (observed elsewhere)", () => {
    expect(certificate(kind, name).id).toBe(BigInt(`0x${parsed().serialNumber}`).toString());
  });

  test("is verified by openssl for a server with that name", () => {
    const trusted = kind === "signed" ? results.authority : certificate(kind, name);
    const [authority, file] = [openssl.file("ca.pem", trusted.certPem), openssl.file("c.pem", parsed().toString())];
    const words = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "server.example.test"];
    const strict = kind === "signed" ? words : words.slice(1);
    expect(openssl.run("openssl", "verify", ...strict, "-CAfile", authority, file)).toContain(": OK");
  });
});

describe("an authority's certificate", () => {
  const parsed = () => new X509Certificate(results.authority.certPem);

  test("is a self-signed CA certificate with key identifiers", () => {
    expect(parsed().ca).toBe(true);
    expect(parsed().checkIssued(parsed())).toBe(true);
    const file = openssl.file("ca.pem", results.authority.certPem);
    const text = openssl.run("openssl", "x509", "-in", file, "-noout", "-text");
    expect(text).toMatch(/X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign/);
    expect(text).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE/);
    const subjectKey = /Subject Key Identifier:\s+([0-9A-F:]+)/.exec(text)?.[1];
    expect(subjectKey).toBeDefined();
    expect(text).toMatch(new RegExp(`Authority Key Identifier:\\s+${subjectKey ?? ""}`));
  });

  test("is the issuer of the certificates that it signs", () => {
    for (const name of serverKeys)
      expect(new X509Certificate(certificate("signed", name).certPem).checkIssued(parsed())).toBe(true);
    expect(certificate("signed", "rsa")).toMatchObject({ caKeyAlgorithm: "ECDSA", isCaCertificate: false });
  });
});

describe("the renewal of a certificate (observed elsewhere)", () => {
  test.each(["due", "due-on-request"])("is planned by a plain preview when its time has come (%s)", (name) => {
    expect(preview.events.replacementReasons(name)).toEqual(["readyForRenewal"]);
    expect(preview.exitCode).toBe(7);
  });

  test("is not planned before its time", () => {
    expect(preview.events.steps("alone-rsa")).toEqual(["same"]);
    expect(preview.events.steps("authority")).toEqual(["same"]);
    expect(certificate("alone", "rsa")).toMatchObject({ readyForRenewal: false, earlyRenewalHours: 24 });
  });

  test("creates a new certificate for the same key in the next update, and changes no others", () => {
    expect(again.exitCode, again.output).toBe(0);
    expect(renewed.due.id).not.toBe(results.due.id);
    const key = createPrivateKey(results.keys["ed25519"]?.privateKeyPem ?? "");
    expect(new X509Certificate(renewed.due.certPem).checkPrivateKey(key)).toBe(true);
    expect(renewed.alone).toEqual(results.alone);
    expect(renewed.authority).toEqual(results.authority);
  });
});

test("a changed name replaces requests and certificates, and keeps the keys", () => {
  expect(changePreview.events.replacementReasons("request-rsa")).toEqual(["dnsNames"]);
  expect(changePreview.events.replacementReasons("alone-rsa")).toEqual(["dnsNames"]);
  expect(changePreview.events.replacementReasons("signed-rsa")).toEqual(["certRequestPem"]);
  expect(changePreview.events.steps("rsa")).toEqual(["same"]);
});

test("a preview of new keys and certificates succeeds and shows no value of them", () => {
  expect(firstPreview.exitCode, firstPreview.output).toBe(0);
  expect(firstPreview.output).not.toContain("BEGIN");
});

/** A line of a key that is unique to it. */
function secretLine({ privateKeyPem }: Key): string {
  return privateKeyPem.split("\n")[1] ?? "";
}
