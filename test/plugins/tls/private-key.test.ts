import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { isSecret, secretMark, unknownMark, withProvider } from "../base/engine-side.ts";
import { tlsProvider } from "../../../toolchain/plugins/tls/provider.ts";
import { make, text, tls } from "./tls-client.ts";

const kinds = [
  { given: { algorithm: "RSA" }, type: "rsa", header: "RSA PRIVATE KEY", ssh: "ssh-rsa" },
  { given: { algorithm: "RSA", rsaBits: 3072 }, type: "rsa", header: "RSA PRIVATE KEY", ssh: "ssh-rsa" },
  {
    given: { algorithm: "ECDSA", ecdsaCurve: "P256" },
    type: "ec",
    header: "EC PRIVATE KEY",
    ssh: "ecdsa-sha2-nistp256",
  },
  {
    given: { algorithm: "ECDSA", ecdsaCurve: "P384" },
    type: "ec",
    header: "EC PRIVATE KEY",
    ssh: "ecdsa-sha2-nistp384",
  },
  {
    given: { algorithm: "ECDSA", ecdsaCurve: "P521" },
    type: "ec",
    header: "EC PRIVATE KEY",
    ssh: "ecdsa-sha2-nistp521",
  },
  { given: { algorithm: "ED25519" }, type: "ed25519", header: "PRIVATE KEY", ssh: "ssh-ed25519" },
];

for (const { given, type, header, ssh } of kinds) {
  test(`a private key ${JSON.stringify(given)} is the same key in every form`, async () => {
    const made = await make("PrivateKey", given);
    expect(made.state).toMatchObject({ rsaBits: 2048, ecdsaCurve: "P224", ...given });
    expect(text(made, "privateKeyPem")).toMatch(new RegExp(`^-----BEGIN ${header}-----\n`));
    const key = createPrivateKey(text(made, "privateKeyPem"));
    const publicKey = createPublicKey(key);
    expect(key.asymmetricKeyType).toBe(type);
    expect(createPrivateKey(text(made, "privateKeyPemPkcs8")).equals(key)).toBe(true);
    expect(publicKey.export({ type: "spki", format: "pem" })).toBe(text(made, "publicKeyPem"));
    expect(made.id).toBe(
      createHash("sha1")
        .update(publicKey.export({ type: "spki", format: "der" }))
        .digest("hex"),
    );
    expect(made.state["id"]).toBe(made.id);

    const parsed = ssh2.utils.parseKey(text(made, "privateKeyOpenssh"));
    if (parsed instanceof Error) throw parsed;
    expect(createPublicKey(parsed.getPublicPEM()).equals(publicKey)).toBe(true);
    const blob = parsed.getPublicSSH();
    expect(text(made, "publicKeyOpenssh")).toBe(`${ssh} ${blob.toString("base64")}\n`);
    const md5 = createHash("md5").update(blob).digest("hex").match(/../g)?.join(":");
    const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
    expect(made.state).toMatchObject({ publicKeyFingerprintMd5: md5, publicKeyFingerprintSha256: `SHA256:${sha256}` });
  });
}

test("a private key on P224, the default curve, has no OpenSSH forms", async () => {
  const made = await make("PrivateKey", { algorithm: "ECDSA" });
  expect(createPrivateKey(text(made, "privateKeyPem")).asymmetricKeyDetails?.namedCurve).toBe("secp224r1");
  expect(made.state).toMatchObject({ privateKeyOpenssh: "", publicKeyOpenssh: "", publicKeyFingerprintMd5: "" });
});

test("the private forms of a key are secret; the public ones are not", () =>
  tls("PrivateKey", async (engine) => {
    const { state } = await engine.create({ algorithm: "ED25519" });
    for (const name of ["privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"]) {
      expect(isSecret(state[name])).toBe(true);
    }
    expect(isSecret(state["publicKeyOpenssh"])).toBe(false);
  }));

test("a preview of a new key shows its settings and unknown outputs", () =>
  tls("PrivateKey", async (engine) => {
    const { id, state } = await engine.create({ algorithm: "ED25519" }, { preview: true });
    expect(id).toBe("");
    expect(state).toMatchObject({ algorithm: "ED25519", rsaBits: 2048, ecdsaCurve: "P224", publicKeyPem: unknownMark });
    expect(state["privateKeyPem"]).toEqual(secretMark(unknownMark));
  }));

test("a changed setting replaces a key; an explicit default does not", async () => {
  const made = await make("PrivateKey", { algorithm: "ED25519" });
  await tls("PrivateKey", async (engine) => {
    expect(await engine.diff(made, { algorithm: "ED25519", rsaBits: 2048 })).toMatchObject({ changes: 1 });
    for (const change of [{ algorithm: "RSA" }, { rsaBits: 4096 }, { ecdsaCurve: "P256" }]) {
      const diff = await engine.diff(made, { algorithm: "ED25519", ...change });
      expect(diff).toMatchObject({ changes: 2, replacesList: Object.keys(change), deletebeforereplace: false });
    }
  });
});

test("a refresh does not change a key", async () => {
  const made = await make("PrivateKey", { algorithm: "ED25519" });
  await tls("PrivateKey", async (engine) => {
    expect((await engine.read(made)).id).toBe(made.id);
  });
});

test("rejects unknown algorithms and curves, and write-only keys, proxies and functions by name", async () => {
  await tls("PrivateKey", async (engine) => {
    expect((await engine.check({ algorithm: "DSA" })).failures).toEqual([expect.stringMatching(/^algorithm: /)]);
    const badCurve = { algorithm: "ECDSA", ecdsaCurve: "P999" };
    expect((await engine.check(badCurve)).failures).toEqual([expect.stringMatching(/^ecdsaCurve: /)]);
    expect((await engine.checkConfig({ proxy: "{}" })).failures).toEqual([expect.stringMatching(/^proxy: /)]);
    await expect(engine.invoke("tls:index/getPublicKey:getPublicKey")).rejects.toThrow("getPublicKey");
  });
  await tls("CertRequest", async (engine) => {
    const { failures } = await engine.check({ privateKeyPem: "x", privateKeyPemWo: "y" });
    expect(failures).toEqual([
      'privateKeyPemWo: the offline plugin does not support "privateKeyPemWo"; use the official plugin or leave it out',
    ]);
  });
  await withProvider(tlsProvider, "tls:index/other:Other", async (engine) => {
    await expect(engine.check({})).rejects.toThrow('tls: the offline plugin does not support "tls:index/other:Other"');
  });
});
