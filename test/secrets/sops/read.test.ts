import { describe, expect, it } from "vitest";
import { readSops } from "../../../secrets/sops/read.ts";
import { faultsOf, fixture, fixtureKeys, fixtureValues, valuesOf } from "../fixture.ts";

const keys = await fixtureKeys();
const git = "restore it from the repository with `git checkout`";

describe("a file that sops wrote", () => {
  it.each<[string, string, readonly string[]]>([
    ["with everything encrypted", "plain-age", []],
    ["for two recipients", "two-recipients", []],
    ["with encrypted_regex", "encrypted-regex", ["SPACES", "UNICODE", "EQUALS", "SITE_NAME"]],
    ["with unencrypted_regex", "unencrypted-regex", ["SITE_NAME"]],
    ["with encrypted_suffix", "encrypted-suffix", ["PEM", "SPACES", "UNICODE", "EQUALS", "SITE_NAME"]],
    ["with unencrypted_suffix", "unencrypted-suffix", ["SITE_NAME"]],
    ["with encrypted_comment_regex", "encrypted-comment", ["PEM", "SPACES", "UNICODE", "EQUALS", "SITE_NAME"]],
    ["with unencrypted_comment_regex", "unencrypted-comment", ["SITE_NAME"]],
    ["with mac_only_encrypted", "mac-only-encrypted", ["SPACES", "UNICODE", "EQUALS", "SITE_NAME"]],
  ])("%s is read to the byte, and its unencrypted variables are named (F107)", async (_, name, unencrypted) => {
    const read = await readSops("staging.env.enc", fixture(`${name}.env`), keys);
    expect(read.problems).toEqual([]);
    expect(valuesOf(read)).toEqual(fixtureValues);
    expect(read.content).toMatchObject({ empty: [{ name: "EMPTY" }], unencrypted });
  });

  it("is read with the key of either recipient", async () => {
    const read = await readSops("staging.env.enc", fixture("two-recipients.env"), await fixtureKeys("second"));
    expect(valuesOf(read)).toEqual(fixtureValues);
  });

  it("gives only its names without a key", async () => {
    const { content, problems } = await readSops("staging.env.enc", fixture("plain-age.env"), undefined);
    expect(problems).toEqual([]);
    expect(content?.variables.map(({ name, value }) => [name, value])).toEqual(
      Object.keys(fixtureValues).map((name) => [name, undefined]),
    );
  });

  it.each([["several key groups", "key-groups", "its key is held by key_groups, shamir_threshold"]])(
    "is left to the sops program if it has %s",
    async (_, name, why) => {
      expect(await readSops("staging.env.enc", fixture(`${name}.env`), keys)).toMatchObject({
        foreign: why,
        problems: [],
      });
    },
  );

  it("is left to the sops program if only Go can read its rule's expression", async () => {
    const text = fixture("encrypted-regex.env").replace(
      /^sops_encrypted_regex=.*$/m,
      "sops_encrypted_regex=[[:upper:]]",
    );
    expect((await readSops("x", text, keys)).foreign).toBe("its sops_encrypted_regex uses syntax that only Go has");
  });
});

describe("a damaged file (F101, F102)", () => {
  const text = fixture("plain-age.env");
  const lines = text.split("\n");
  const changed = "is not as SOPS wrote it: it was changed, renamed or never encrypted";
  const mac = "its hash (MAC) does not match its values: lines were added, removed or moved by hand";
  const sopsOnly = "restore the file from the repository, and edit it with `sops` only";
  const lineOnly = "restore the line from the repository, and edit the file with `sops` only";

  it.each<[string, string, string[]]>([
    [
      "a flipped byte",
      text.replace("EQUALS=ENC[AES256_GCM,data:", "EQUALS=ENC[AES256_GCM,data:x"),
      [`staging.env.enc:7: EQUALS ${changed}; ${lineOnly}`],
    ],
    [
      "a value in plain text",
      text.replace(/^EQUALS=.*$/m, "EQUALS=plain"),
      [`staging.env.enc:7: EQUALS ${changed}; ${lineOnly}`],
    ],
    [
      "a variable that was renamed",
      text.replace("EQUALS=", "EQUAL="),
      [`staging.env.enc:7: EQUAL ${changed}; ${lineOnly}`],
    ],
    [
      "a variable that was removed",
      lines.filter((line) => !line.startsWith("EQUALS=")).join("\n"),
      [`staging.env.enc: ${mac}; ${sopsOnly}`],
    ],
    [
      "another MAC",
      text.replace(/^sops_mac=.*$/m, /^sops_mac=.*$/m.exec(fixture("two-recipients.env"))?.[0] ?? ""),
      [`staging.env.enc: ${mac}; ${sopsOnly}`],
    ],
    [
      "no MAC",
      lines.filter((line) => !line.startsWith("sops_mac=")).join("\n"),
      [`staging.env.enc: sops_mac is missing; it was truncated or edited by hand: ${git}`],
    ],
    [
      "a variable there twice",
      text.replace("EQUALS=", "SPACES="),
      ["staging.env.enc:7: SPACES is already defined in line 5; keep one of them"],
    ],
    [
      "two marks of a merge",
      `<<<<<<< HEAD\n${text}=======\n>>>>>>> other\n`,
      [1, 17, 18].map(
        (line) =>
          `staging.env.enc:${line}: is a conflict marker of git; decrypt both sides, merge the plain texts, ` +
          "and encrypt the result",
      ),
    ],
    [
      "line ends of Windows",
      text.replaceAll("\n", "\r\n"),
      [
        "staging.env.enc: has Windows line endings, which SOPS would read as parts of the values; " +
          "write 'staging.env.enc -text' into .gitattributes and check the file out again",
      ],
    ],
    [
      "nothing of SOPS",
      "POSTGRES_PASSWORD=canary\n",
      [
        "staging.env.enc: is not encrypted: it has none of SOPS' entries; encrypt it, " +
          "`slipway env init` shows how, and change every secret in it if it was ever pushed",
      ],
    ],
    [
      "nothing at all",
      "",
      [
        "staging.env.enc: is not encrypted: it has none of SOPS' entries; encrypt it, " +
          "`slipway env init` shows how, and change every secret in it if it was ever pushed",
      ],
    ],
    [
      "a data key that was changed",
      text.replace("AGE ENCRYPTED FILE-----\\n", "AGE ENCRYPTED FILE-----\\nAAAA"),
      [
        "staging.env.enc: the data key for age1va9n047l… is damaged; " +
          `restore the file from the repository with \`git checkout\``,
      ],
    ],
  ])("rejects %s", async (_, damaged, faults) => {
    expect(damaged).not.toBe(text);
    expect(await faultsOf(damaged, keys)).toEqual(faults);
  });

  it("rejects several faults at once, each with its line", async () => {
    const damaged = text
      .replace("EQUALS=ENC[AES256_GCM,data:", "EQUALS=ENC[AES256_GCM,data:x")
      .replace("UNICODE=", "CODE=");
    expect(await faultsOf(damaged, keys)).toHaveLength(2);
  });

  it("rejects another key, and names recipients and key by their public halves only (F103)", async () => {
    const other = await fixtureKeys("second");
    const faults = await faultsOf(text, other);
    expect(faults).toEqual([
      "staging.env.enc: none of its 1 recipients (age1va9n047l…) matches the key in SOPS_AGE_KEY_B64, " +
        "got 'age19c3eed2y…'; use the key of this environment, or ask somebody who can read the file to add yours " +
        "with `sops updatekeys`",
    ]);
  });
});
