import { describe, expect, it, test } from "vitest";
import { readSopsMetadata, writeSopsMetadata, type SopsMetadata } from "../../../secrets/sops/metadata.ts";
import { readSopsText } from "../../../secrets/sops/text.ts";

const path = "staging.env.enc";

/** The entries of a whole file for one recipient. */
const whole: Readonly<Record<string, string>> = {
  age__list_0__map_enc: "key",
  age__list_0__map_recipient: "age1ours",
  lastmodified: "2026-11-21T10:00:00Z",
  mac: "hash",
  version: "3.11.0",
};

const metadata: SopsMetadata = {
  age: [{ recipient: "age1ours", armour: "key" }],
  foreign: [],
  lastModified: "2026-11-21T10:00:00Z",
  mac: "hash",
  rule: { name: "unencrypted_suffix", text: "_unencrypted" },
  macOnlyEncrypted: false,
};

/** Reads the entries of a whole file with other ones; an undefined one is missing. */
function read(also: Readonly<Record<string, string | undefined>> = {}) {
  const entries = Object.entries({ ...whole, ...also }).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return readSopsMetadata({ path, lines: [], metadata: new Map(entries) });
}

const secondRecipient = { age__list_1__map_enc: "key 2", age__list_1__map_recipient: "age1theirs" };
const noRecipient = { age__list_0__map_enc: undefined, age__list_0__map_recipient: undefined };

describe("SOPS' own entries", () => {
  test.each<[string, Parameters<typeof read>[0], Partial<SopsMetadata>]>([
    ["for one recipient, with SOPS' default rule", {}, {}],
    ["for two recipients", secondRecipient, { age: [...metadata.age, { recipient: "age1theirs", armour: "key 2" }] }],
    [
      "with a rule and its MAC",
      { encrypted_regex: "^A", mac_only_encrypted: "true" },
      { rule: { name: "encrypted_regex", text: "^A" }, macOnlyEncrypted: true },
    ],
    ["with empty rules", { encrypted_regex: "", mac_only_encrypted: "false" }, {}],
    ["with a time zone", { lastmodified: "2026-11-21T10:00:00+01:00" }, { lastModified: "2026-11-21T10:00:00+01:00" }],
    [
      "with other holders of the key",
      { pgp__list_0__map_fp: "F00", kms__list_0__map_arn: "x" },
      { foreign: ["pgp", "kms"] },
    ],
    [
      "for no recipient of age beside other holders",
      { ...noRecipient, pgp__list_0__map_fp: "F00" },
      { age: [], foreign: ["pgp"] },
    ],
    ["with a key in parts", { shamir_threshold: "2" }, { foreign: ["shamir_threshold"] }],
    ["without parts of the key", { shamir_threshold: "0" }, {}],
  ])("are read %s", (_, also, expected) => {
    expect(read(also)).toEqual({ metadata: { ...metadata, ...expected }, problems: [] });
  });

  test.each<[string, Parameters<typeof read>[0], readonly string[]]>([
    ["without a recipient", noRecipient, ["sops_age has no recipient"]],
    ["with a recipient without its key", { age__list_0__map_enc: undefined }, ["sops_age is not complete"]],
    ["with a key without its recipient", { age__list_0__map_recipient: undefined }, ["sops_age is not complete"]],
    ["with a gap in the numbers of recipients", { ...noRecipient, ...secondRecipient }, ["sops_age is not complete"]],
    ["with an unknown entry for age", { age__list_0__map_other: "x" }, ["sops_age is not complete"]],
    ["without a time", { lastmodified: undefined }, ["sops_lastmodified is missing"]],
    ["with a wrong time", { lastmodified: "yesterday" }, ["sops_lastmodified is not a time"]],
    ["without a MAC", { mac: undefined }, ["sops_mac is missing"]],
    [
      "with two rules",
      { encrypted_regex: "^A", unencrypted_suffix: "_plain" },
      ["sops_unencrypted_suffix and sops_encrypted_regex exclude each other"],
    ],
    ["with a third answer", { mac_only_encrypted: "perhaps" }, ["sops_mac_only_encrypted is neither true nor false"]],
    [
      "with several faults",
      { ...noRecipient, lastmodified: undefined, mac: undefined },
      ["sops_age has no recipient", "sops_lastmodified is missing", "sops_mac is missing"],
    ],
  ])("are rejected %s (F102)", (_, also, faults) => {
    const todo = "it was truncated or edited by hand: restore it from the repository with `git checkout`";
    expect(read(also)).toEqual({ problems: faults.map((what) => ({ path, what, todo })) });
  });
});

describe("written entries", () => {
  it("are the lines that SOPS writes, in its order", () => {
    const age = [...metadata.age, { recipient: "age1theirs", armour: "first line\nsecond line\n" }];
    expect(writeSopsMetadata({ ...metadata, age, macOnlyEncrypted: true })).toBe(
      [
        "sops_age__list_0__map_enc=key",
        "sops_age__list_0__map_recipient=age1ours",
        "sops_age__list_1__map_enc=first line\\nsecond line\\n",
        "sops_age__list_1__map_recipient=age1theirs",
        "sops_lastmodified=2026-11-21T10:00:00Z",
        "sops_mac=hash",
        "sops_mac_only_encrypted=true",
        "sops_unencrypted_suffix=_unencrypted",
        "sops_version=3.11.0",
        "",
      ].join("\n"),
    );
  });

  it("have no line about the MAC if it covers all values", () => {
    expect(
      writeSopsMetadata(metadata)
        .split("\n")
        .map((line) => line.split("=")[0]),
    ).toEqual([
      "sops_age__list_0__map_enc",
      "sops_age__list_0__map_recipient",
      "sops_lastmodified",
      "sops_mac",
      "sops_unencrypted_suffix",
      "sops_version",
      "",
    ]);
  });

  it("are read as they were written", () => {
    const given: SopsMetadata = {
      ...metadata,
      age: [...metadata.age, { recipient: "age1theirs", armour: "first line\nsecond line\n" }],
      rule: { name: "encrypted_suffix", text: "_SECRET" },
      macOnlyEncrypted: true,
    };
    const { file, problems } = readSopsText(path, writeSopsMetadata(given));
    expect(problems).toEqual([]);
    expect(readSopsMetadata(file)).toEqual({ metadata: given, problems: [] });
  });
});
