import { Buffer } from "node:buffer";
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { readOpenssh } from "./openssh.ts";

/**
 * The public half of a key that `readPrivateKey` returned, in the form of SSH. One key has many texts, in two formats,
 * and always the same public half.
 */
export function publicHalf(key: string): string {
  const [first = "", ...rest] = key.trim().split("\n");
  if (!first.includes("OPENSSH")) return ofPem(key).toString("base64");
  const read = readOpenssh(Buffer.from(rest.slice(0, -1).join(""), "base64"));
  return typeof read === "string" ? "" : read.toString("base64");
}

function ofPem(key: string): Buffer {
  const { kty = "", crv = "", n, e, x, y }: JsonWebKey = createPublicKey(key).export({ format: "jwk" });
  if (kty === "RSA") return fields(Buffer.from("ssh-rsa"), number(e), number(n));
  if (kty === "OKP") return fields(Buffer.from(`ssh-${crv.toLowerCase()}`), bytes(x));
  const curve = crv.replace("P-", "nistp");
  const point = Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]);
  return fields(Buffer.from(`ecdsa-sha2-${curve}`), Buffer.from(curve), point);
}

function bytes(text = ""): Buffer {
  return Buffer.from(text, "base64url");
}

/** A positive number: a byte of zero keeps its first bit from being a sign. */
function number(text = ""): Buffer {
  const digits = bytes(text);
  return (digits[0] ?? 0) < 128 ? digits : Buffer.concat([Buffer.of(0), digits]);
}

function fields(...parts: readonly Buffer[]): Buffer {
  const withLengths = parts.flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return Buffer.concat(withLengths);
}
