import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSops } from "../../../secrets/sops/read.ts";
import { writeSops } from "../../../secrets/sops/write.ts";
import { fixtureKeys, valuesOf } from "../fixture.ts";

const keys = await fixtureKeys();
const now = new Date("2026-11-21T10:00:00.123Z");
const { recipients } = keys;

describe("a SOPS file that slipway writes", () => {
  it("gives every value back, with every rule, and never encrypts a value the same way twice", async () => {
    const value = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !text.includes("\0"));
    const some = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/), value }), {
      selector: ({ name }) => name,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(some, fc.boolean(), async (variables, macOnlyEncrypted) => {
        const text = await writeSops(variables, { recipients, now, macOnlyEncrypted });
        const read = await readSops("x", text, keys);
        expect(read.problems).toEqual([]);
        expect(valuesOf(read)).toEqual(
          Object.fromEntries(variables.map((variable) => [variable.name, variable.value])),
        );
      }),
      { numRuns: 40 },
    );
    const one = [{ name: "A", value: "same" }];
    expect(await writeSops(one, { recipients, now })).not.toBe(await writeSops(one, { recipients, now }));
  });

  it("names the rule by which it left something unencrypted", async () => {
    const rule = { name: "encrypted_regex", text: "^A$" } as const;
    const text = await writeSops(
      [
        { name: "A", value: "x" },
        { name: "B", value: "y\nz" },
      ],
      { recipients, now, rule },
    );
    expect(text).toMatch(/^A=ENC\[.*\nB=y\\nz\n/);
    expect(valuesOf(await readSops("x", text, keys))).toEqual({ A: "x", B: "y\nz" });
  });

  it("has a time without fractions, as SOPS hashes it", async () => {
    expect(await writeSops([], { recipients, now })).toContain("sops_lastmodified=2026-11-21T10:00:00Z\n");
  });

  it("rejects an empty list of recipients, and names that SOPS reserves", async () => {
    await expect(writeSops([{ name: "sops_mac", value: "x" }], { recipients: [], now })).rejects.toThrow(
      /env\.sops_mac: is a name that SOPS reserves; rename it\n.*\.sops\.yaml: has no recipient for the file; /,
    );
  });
});
