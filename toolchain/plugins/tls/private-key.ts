import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import sshpk from "sshpk";
import { z } from "zod";
import { unknown, type Properties } from "../base/property.ts";
import { inputDifference, resourceType } from "../base/resource-type.ts";
import { pick } from "./renewal.ts";

const generate = promisify(generateKeyPair);

const inputs = z.strictObject({
  algorithm: z.enum(["RSA", "ECDSA", "ED25519"]),
  ecdsaCurve: z.enum(["P224", "P256", "P384", "P521"]).exactOptional(),
  rsaBits: z.int().exactOptional(),
});

type Inputs = z.infer<typeof inputs>;
type Settings = Required<Inputs>;

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

// The official provider's defaults, and OpenSSL's names for its curves.
const defaults = { ecdsaCurve: "P224", rsaBits: 2048 } as const;
const curves = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };
const secrets = ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"];
const computed = [
  ...["id", "publicKeyFingerprintMd5", "publicKeyFingerprintSha256", "publicKeyOpenssh", "publicKeyPem"],
  ...secrets,
];

/** `tls.PrivateKey`: a private key, which exists only in the state. */
export const privateKey = resourceType<Inputs, unknown>({
  token: "tls:index/privateKey:PrivateKey",
  inputs,
  state: z.unknown(),
  computed,
  secrets,
  replaceOnChanges: [],
  preview: (given) => ({ ...defaults, ...given, ...Object.fromEntries(computed.map((name) => [name, unknown])) }),
  diff: (old, news) => {
    const names = Object.keys(inputs.shape);
    return inputDifference(pick(old.state, names), { ...defaults, ...news }, names);
  },
  create: async (given) => {
    const settings = { ...defaults, ...given };
    const pair = await generatePair(settings);
    const spki = pair.publicKey.export({ type: "spki", format: "der" });
    const id = createHash("sha1").update(spki).digest("hex");
    // The official provider expects its schema version in the state.
    const __meta = JSON.stringify({ schema_version: "1" });
    return { id, state: { __meta, ...settings, id, ...pemForms(settings, pair), ...opensshForms(settings, pair) } };
  },
});

function generatePair({ algorithm, rsaBits, ecdsaCurve }: Settings): Promise<KeyPair> {
  if (algorithm === "RSA") return generate("rsa", { modulusLength: rsaBits });
  if (algorithm === "ECDSA") return generate("ec", { namedCurve: curves[ecdsaCurve] });
  return generate("ed25519", {});
}

/** The key as PEM: the private form in its algorithm's traditional format and as PKCS #8. */
function pemForms({ algorithm }: Settings, pair: KeyPair): Properties {
  const type = ({ RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const)[algorithm];
  return {
    privateKeyPem: pair.privateKey.export({ type, format: "pem" }).toString(),
    privateKeyPemPkcs8: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKeyPem: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

// OpenSSH does not support the curve P-224.
const noOpensshForms: Properties = {
  privateKeyOpenssh: "",
  publicKeyOpenssh: "",
  publicKeyFingerprintMd5: "",
  publicKeyFingerprintSha256: "",
};

/** The key in OpenSSH's formats, with fingerprints; all empty if OpenSSH does not support it. */
function opensshForms({ algorithm, ecdsaCurve }: Settings, pair: KeyPair): Properties {
  if (algorithm === "ECDSA" && ecdsaCurve === "P224") return noOpensshForms;
  const key = sshpk.parsePrivateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" }), "pem");
  key.comment = "";
  const openKey = key.toPublic();
  openKey.comment = "";
  return {
    privateKeyOpenssh: key.toString("openssh"),
    publicKeyOpenssh: `${openKey.toString("ssh")}\n`,
    publicKeyFingerprintMd5: openKey.fingerprint("md5").toString("hex"),
    publicKeyFingerprintSha256: openKey.fingerprint("sha256").toString("base64"),
  };
}
