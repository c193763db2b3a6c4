import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sshpk from "sshpk";
import { afterAll, describe, expect, test } from "vitest";
import { observeKeyVariable, readPrivateKey, type KeyVariable } from "../../../cli/ssh/private-key.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-key-"));
afterAll(() => rmSync(folder, { recursive: true }));

const openssh = wrapped(sshpk.generatePrivateKey("ed25519").toString("openssh"));
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const pem = rsa.export({ type: "pkcs1", format: "pem" }).toString();
const base64 = Buffer.from(openssh).toString("base64");

/** A key in the line length in which slipway gives it on. */
function wrapped(key: string): string {
  const [first = "", ...rest] = key.trim().split("\n");
  const body = rest.slice(0, -1).join("");
  return [first, ...(body.match(/.{1,64}/g) ?? []), rest.at(-1) ?? "", ""].join("\n");
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A key whose first field says how it is encrypted. */
function encryptedOpenssh(): string {
  const [first = "", ...rest] = openssh.trim().split("\n");
  const body = Buffer.from(rest.slice(0, -1).join(""), "base64").toString("latin1");
  const changed = body.replace("\0\0\0\x04none", "\0\0\0\x0aaes256-ctr");
  return [first, Buffer.from(changed, "latin1").toString("base64"), rest.at(-1)].join("\n");
}

describe("SSH_PRIVATE_KEY is read", () => {
  test.each([
    ["as it is", openssh],
    ["with line ends of Windows", openssh.replaceAll("\n", "\r\n")],
    ["without its last line end", openssh.trimEnd()],
    ["with space around it", `\n  ${openssh}\n\n`],
    ["folded into one line", openssh.replaceAll("\n", " ")],
    ["with line ends written out", openssh.replaceAll("\n", "\\n")],
    ["as base64", base64],
    ["as base64 of many lines", base64.replaceAll(/.{76}/g, "$&\n")],
    ["as base64 of a key with line ends of Windows", Buffer.from(openssh.replaceAll("\n", "\r\n")).toString("base64")],
    ["as the path of a file", file("raw", openssh)],
    ["as the path of a file with a line end behind it", `${file("raw", openssh)}\n`],
    ["as the path of a file with base64", file("base64", base64)],
  ])("%s", (_, value) => {
    expect(readPrivateKey(value)).toBe(openssh);
  });

  test("in the older PEM formats", () => {
    expect(readPrivateKey(pem)).toBe(pem);
    const pkcs8 = rsa.export({ type: "pkcs8", format: "pem" }).toString();
    expect(readPrivateKey(pkcs8)).toBe(pkcs8);
  });
});

describe("SSH_PRIVATE_KEY (F7, F23)", () => {
  const body = /-----\n(.*)\n-----/s.exec(openssh)?.[1] ?? "";
  test.each([
    ["an encrypted key", encryptedOpenssh(), "is encrypted with a passphrase"],
    [
      "an encrypted PEM",
      pem.replace("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"),
      "is encrypted with a passphrase",
    ],
    [
      "an encrypted PKCS #8",
      rsa.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString(),
      "is encrypted with a passphrase",
    ],
    ["nothing", "", "is empty"],
    ["a line end", "\n", "is empty"],
    ["a public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAr me", "is a public key"],
    ["a public PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "is a public key"],
    [
      "a certificate",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "is not a key but a 'CERTIFICATE'",
    ],
    ["PuTTY's format", "PuTTY-User-Key-File-3: ssh-ed25519\n", "is a key in PuTTY's format"],
    ["a key without its end", openssh.slice(0, 200), "is cut: it begins like a key and has no END line"],
    ["base64 of half a key", base64.slice(0, 200), "is cut: it begins like a key and has no END line"],
    ["a key with a line missing", openssh.replace(/\n.{64}\n/, "\n"), "is cut or damaged"],
    ["a key with bytes behind its end", openssh.replace(/(=*)\n-----END/, "AAAA$1\n-----END"), "is cut or damaged"],
    ["a PEM with a line missing", pem.replace(/\n.{64}\n/, "\n"), "is cut or damaged"],
    ["a key with a foreign letter", openssh.replace(body.slice(10, 20), "*".repeat(10)), "its body is not base64"],
    ["two keys", openssh + openssh, "holds several keys"],
    ["a path that leads nowhere", join(folder, "nowhere"), "is the path of a file that cannot be read"],
    ["a path to something else", file("else", "hello"), "is neither a private key, nor base64 of one, nor the path"],
    ["a word", "hunter2", "is neither a private key, nor base64 of one, nor the path"],
  ])("rejects %s, and does not repeat it", (_, value, message) => {
    const refused = refusal(value);
    expect(refused).toMatch(/^SSH_PRIVATE_KEY: /);
    expect(refused).toContain(message);
    const secret = value.replaceAll(/\s/g, "").slice(30, 60);
    if (secret.length === 30 && !value.startsWith("/")) expect(refused).not.toContain(secret);
    expect(refused).not.toContain("hunter2");
  });
});

describe("SSH_OBSERVE_KEY", () => {
  test("is read in the same way", () => {
    expect(readPrivateKey(base64, observeKeyVariable)).toBe(openssh);
  });

  test("has its own name and its own advice in messages", () => {
    expect(refusal("hunter2", observeKeyVariable)).toBe(
      "SSH_OBSERVE_KEY: is neither a private key, nor base64 of one, nor the path of a file with one; " +
        "give a private key in OpenSSH's format",
    );
    expect(refusal(encryptedOpenssh(), observeKeyVariable)).toBe(
      "SSH_OBSERVE_KEY: is encrypted with a passphrase, which a plan cannot enter; " +
        "make a separate key for plans, without one: `ssh-keygen -t ed25519 -N '' -f observer`",
    );
  });
});

function refusal(value: string, variable?: KeyVariable): string {
  try {
    readPrivateKey(value, variable);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "nothing was refused";
}
