import { generateKeyPairSync, type KeyObject } from "node:crypto";
import sshpk from "sshpk";
import { expect, test } from "vitest";
import { readPrivateKey } from "../../../cli/ssh/private-key.ts";
import { publicHalf } from "../../../cli/ssh/public-half.ts";

const pem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();

test.each([
  ["RSA", pem(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey)],
  ["ECDSA", pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey)],
  ["ECDSA of 384 bits", pem(generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey)],
  ["Ed25519", pem(generateKeyPairSync("ed25519").privateKey)],
])("a key has the public half that OpenSSH prints, in each of its formats: %s", (_, text) => {
  const key = sshpk.parsePrivateKey(text);
  const [, printed = ""] = key.toPublic().toString("ssh").split(" ");
  expect(publicHalf(readPrivateKey(text))).toBe(printed);
  expect(publicHalf(readPrivateKey(key.toString("openssh")))).toBe(printed);
});
