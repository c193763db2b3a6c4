import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { creationRuleFor, readSopsConfig, recipientsFor, withCreationRule } from "../../../secrets/sops/config.ts";

const [ours, theirs] = ["age1ours", "age1theirs"];
const path = "infra/env/staging.env.enc";

/** The text of a configuration with one rule of these lines. */
function oneRule(...lines: readonly string[]): string {
  return `creation_rules:\n  - ${lines.join("\n    ")}\n`;
}

describe("a .sops.yaml", () => {
  test.each<[string, string, readonly string[] | undefined]>([
    ["one recipient", `age: ${ours}`, [ours]],
    ["several in one text", `age: "${ours}, ${theirs}"`, [ours, theirs]],
    ["several in lines of one text", `age: >-\n      ${ours},\n      ${theirs}`, [ours, theirs]],
    ["a list of recipients", `age: [${ours}, ${theirs}]`, [ours, theirs]],
    ["no recipient", "path_regex: .*", []],
    ["recipients beside another key group", `age: ${ours}\n    pgp: F00`, undefined],
  ])("is read with %s", (_, lines, recipients) => {
    expect(readSopsConfig(oneRule(lines)).rules.map((rule) => rule.recipients)).toEqual([recipients]);
  });

  it("is read with all that a rule says about encryption", () => {
    const text = oneRule("path_regex: env", `age: ${ours}`, "encrypted_regex: ^A", "mac_only_encrypted: true");
    expect(readSopsConfig(text)).toEqual({
      rules: [
        {
          pathRegex: "env",
          recipients: [ours],
          rule: { name: "encrypted_regex", text: "^A" },
          macOnlyEncrypted: true,
        },
      ],
      problems: [],
    });
  });

  it.each(["", "creation_rules: []\n", "stores: {}\n"])("has no rule if it is %j", (text) => {
    expect(readSopsConfig(text)).toEqual({ rules: [], problems: [] });
  });

  it("rejects a text that is not YAML, with its line", () => {
    expect(readSopsConfig("creation_rules:\n  - age: [\n")).toEqual({
      rules: [],
      problems: [
        {
          path: ".sops.yaml:3",
          what: "is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
          todo: "correct it",
        },
      ],
    });
  });

  it("rejects all values of the wrong type", () => {
    const text = oneRule("path_regex: 1", "age: {}", "encrypted_regex: [a]");
    expect(readSopsConfig(text)).toEqual({
      rules: [],
      problems: ["path_regex", "age", "encrypted_regex"].map((name) => ({
        path: `.sops.yaml: creation_rules.0.${name}`,
        what: "has the wrong type",
        todo: "see SOPS' manual for creation_rules",
      })),
    });
  });
});

describe("the rule for a file", () => {
  const rules = (...patterns: readonly (string | undefined)[]) => ({
    rules: patterns.map((pathRegex, at) => {
      return { pathRegex, recipients: [`age1rule${at}`], rule: undefined, macOnlyEncrypted: false };
    }),
    problems: [],
  });

  test.each<[string, readonly (string | undefined)[], string | undefined]>([
    ["the first that matches", ["production", "staging", "env"], "age1rule1"],
    ["one for all files", ["production", undefined, "staging"], "age1rule1"],
    ["one with an empty expression", ["production", ""], "age1rule1"],
    ["none if none matches", ["production", "^staging"], undefined],
    ["the next one if an expression cannot be read", ["(", "staging"], "age1rule1"],
  ])("is %s", (_, patterns, recipient) => {
    expect(creationRuleFor(rules(...patterns), path)?.recipients?.[0]).toBe(recipient);
  });
});

describe("the settings for a new file", () => {
  let root: string;
  const configure = (text: string) => writeFileSync(join(root, ".sops.yaml"), text);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "slipway-sops-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const todo = "run `slipway env init`, or write creation_rules with age recipients there";

  it("are the recipients and the rule of .sops.yaml", () => {
    configure(oneRule(`age: ${ours}`, "unencrypted_regex: ^SITE_"));
    expect(recipientsFor(root, path)).toEqual({
      rule: {
        recipients: [ours],
        macOnlyEncrypted: false,
        rule: { name: "unencrypted_regex", text: "^SITE_" },
      },
      problems: [],
    });
  });

  it("have no rule for encryption where .sops.yaml has none", () => {
    configure(oneRule(`age: ${ours}`));
    expect(recipientsFor(root, path)).toEqual({ rule: { recipients: [ours], macOnlyEncrypted: false }, problems: [] });
  });

  it("are absent without a .sops.yaml, so that a rule may be added", () => {
    expect(recipientsFor(root, path)).toEqual({
      absent: true,
      problems: [{ path: ".sops.yaml", what: "does not exist", todo }],
    });
  });

  it("are absent if no rule matches", () => {
    configure(oneRule("path_regex: production", `age: ${ours}`));
    expect(recipientsFor(root, path)).toEqual({
      absent: true,
      problems: [{ path: ".sops.yaml", what: `has no rule for the file, got '${path}'`, todo }],
    });
  });

  it("are rejected, and no rule is added, for key groups other than age", () => {
    configure(oneRule(`age: ${ours}`, "pgp: F00"));
    expect(recipientsFor(root, path)).toEqual({
      problems: [
        {
          path: ".sops.yaml",
          what: "has key groups other than age, for which slipway cannot encrypt",
          todo: "encrypt the file with `sops` itself",
        },
      ],
    });
  });

  it("are rejected with the problems of a .sops.yaml that cannot be read", () => {
    configure("creation_rules: 1\n");
    expect(recipientsFor(root, path)).toEqual({
      problems: [
        {
          path: ".sops.yaml: creation_rules",
          what: "has the wrong type",
          todo: "see SOPS' manual for creation_rules",
        },
      ],
    });
  });
});

describe("a .sops.yaml with one more rule", () => {
  const added = `  - path_regex: (^|/)infra/env/staging\\.env\\.enc$\n    age: ${ours}\n`;

  it.each(["", "\n"])("is made from the empty text %j", (text) => {
    expect(withCreationRule(text, path, ours)).toBe(`creation_rules:\n${added}`);
  });

  it("has the rule first, and keeps all others with their comments", () => {
    const others = `  # production's\n  - path_regex: production\n    age: ${theirs}\n`;
    expect(withCreationRule(`# ours\ncreation_rules:\n${others}`, path, ours)).toBe(
      `# ours\ncreation_rules:\n${added}${others}`,
    );
  });

  it("keeps what else stands in the file", () => {
    expect(withCreationRule("stores: {}\n", path, ours)).toBe(`stores: {}\ncreation_rules:\n${added}`);
  });

  it("has a rule that matches the file alone, also below another folder", () => {
    const read = readSopsConfig(withCreationRule("", path, ours));
    const recipients = (file: string) => creationRuleFor(read, file)?.recipients;
    expect([path, `site/${path}`].map(recipients)).toEqual([[ours], [ours]]);
    expect([`${path}2`, `other${path}`, "infra/env/stagingXenv.enc"].map(recipients)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
