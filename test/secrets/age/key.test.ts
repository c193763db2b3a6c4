import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, describe, expect, it } from "vitest";
import { readAgeKeys } from "../../../secrets/age/key.ts";

const key = await generateX25519Identity();
const other = await generateX25519Identity();
const hybrid = await generateHybridIdentity();
const recipient = await identityToRecipient(key);
const file = `# created: 2026-11-21T10:00:00Z\n# public key: ${recipient}\n${key}\n`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const folder = mkdtempSync(join(tmpdir(), "slipway-age-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("A2: an age key (F104)", () => {
  it.each<[string, string]>([
    ["as it is", key],
    ["as the file of age-keygen", file],
    ["with line ends of Windows", file.replaceAll("\n", "\r\n")],
    ["with line ends written out", file.replaceAll("\n", "\\n")],
    ["in small letters", key.toLowerCase()],
    ["in quotes", `"${key}"`],
    ["with a byte order mark", `\ufeff${file}`],
    ["as base64 on one line", base64(file)],
    ["as base64 on many lines", base64(file).replaceAll(/.{20}/g, "$&\n")],
    ["as base64 with line ends of Windows", base64(file).replaceAll(/.{20}/g, "$&\r\n")],
    ["as base64 without padding", base64(file).replace(/=+$/, "")],
    ["as the path of a file", written("raw", file)],
    ["as the path of a file with base64", written("packed", base64(file))],
  ])("is taken %s, from any of its variables", async (_, value) => {
    for (const variable of ["SOPS_AGE_KEY_B64", "SOPS_AGE_KEY"]) {
      const { keys, problems } = await readAgeKeys({ [variable]: value });
      expect(problems).toEqual([]);
      expect(keys).toEqual({ variable, identities: [key], recipients: [recipient] });
    }
  });

  it.each([
    ["on lines of their own", `${key}\n# the other\n${other}\n`],
    ["on one line", `${key} ${other}`],
    ["with a comma", `${key},${other}`],
  ])("may have others beside it: %s", async (_, value) => {
    expect((await readAgeKeys({ SOPS_AGE_KEY: value })).keys?.identities).toEqual([key, other]);
  });

  it("may be a post-quantum key", async () => {
    expect((await readAgeKeys({ SOPS_AGE_KEY: hybrid })).keys?.recipients[0]).toMatch(/^age1pq1/);
  });

  it("comes from the first of SOPS_AGE_KEY_B64, SOPS_AGE_KEY and SOPS_AGE_KEY_FILE that is not empty", async () => {
    const [a, b, c] = [await generateX25519Identity(), await generateX25519Identity(), written("c", key)];
    const all = { SOPS_AGE_KEY_B64: base64(a), SOPS_AGE_KEY: b, SOPS_AGE_KEY_FILE: c };
    expect((await readAgeKeys(all)).keys?.identities).toEqual([a]);
    expect((await readAgeKeys({ ...all, SOPS_AGE_KEY_B64: "" })).keys?.identities).toEqual([b]);
    expect((await readAgeKeys({ SOPS_AGE_KEY_FILE: c })).keys?.identities).toEqual([key]);
    expect(await readAgeKeys({})).toEqual({ problems: [] });
  });

  it.each<[string, string, string]>([
    ["a public key", recipient, "is a public key"],
    ["a key that is cut", key.slice(0, -3), "is truncated or damaged: its checksum is wrong"],
    [
      "a key with a wrong letter",
      key.replace(/.$/, (last) => (last === "Q" ? "P" : "Q")),
      "is truncated or damaged: its checksum is wrong",
    ],
    ["a key of a plugin", "AGE-PLUGIN-YUBIKEY-1QGQWX5Y0C", "is a key of an age plugin"],
    [
      "a key with a passphrase",
      "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----",
      "is encrypted with a passphrase",
    ],
    [
      "a key of SSH",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
      "is a key of another kind, not an age key",
    ],
    ["base64 of something else", base64("hunter2hunter2"), "is base64, but not of an age key"],
    [
      "base64 of UTF-16",
      Buffer.from(file, "utf16le").toString("base64"),
      "is base64 of UTF-16, as PowerShell writes it",
    ],
    ["a word", "hunter 2!", "is not an age key"],
    ["comments alone", "# created\n# public key\n", "has no key, only comments"],
    ["a file that is not there", "/nowhere/age.key", "names a file that cannot be read, got '/nowhere/age.key'"],
  ])("rejects %s, and does not repeat it", async (_, value, what) => {
    const { keys, problems } = await readAgeKeys({ SOPS_AGE_KEY_B64: value, SOPS_AGE_KEY: key });
    expect(keys).toBeUndefined();
    expect(problems.map((problem) => `${problem.path}: ${problem.what}`)).toEqual([`SOPS_AGE_KEY_B64: ${what}`]);
    if (!value.startsWith("/")) expect(JSON.stringify(problems)).not.toContain(value.slice(14, 24) || "nothing");
  });

  it("rejects each bad one of several keys by its number", async () => {
    const { problems } = await readAgeKeys({ SOPS_AGE_KEY: `${key}\n${recipient}\n${other.slice(0, -1)}` });
    expect(problems.map(({ path }) => path)).toEqual(["SOPS_AGE_KEY: key 2 of 3", "SOPS_AGE_KEY: key 3 of 3"]);
  });
});
