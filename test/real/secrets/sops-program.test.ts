import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { AgeKeys } from "../../../secrets/age/key.ts";
import { readSops } from "../../../secrets/sops/read.ts";
import { writeSops, type SopsSettings } from "../../../secrets/sops/write.ts";
import { ensureTools, toolPath } from "../../../toolchain/toolchain.ts";
import { sops } from "../../../toolchain/tools/sops.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { fixture, fixtureKeys, fixtureValues, valuesOf } from "../../secrets/fixture.ts";
import { faultsOf, TrialEnvironment } from "../../secrets/trial-environment.ts";
import { randomValues } from "./random-values.ts";

const now = new Date("2026-11-21T10:00:00Z");
const folder = mkdtempSync(join(tmpdir(), "slipway-sops-"));
const file = join(folder, "staging.env");
let keys: AgeKeys;
let environment: Record<string, string>;

beforeAll(async () => {
  await ensureTools([sops], (line) => void process.stdout.write(`${line}\n`));
  keys = await fixtureKeys();
  environment = { PATH: process.env["PATH"] ?? "", SOPS_AGE_KEY: keys.identities.join("\n") };
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program in the folder, as people do. */
function run(...words: string[]): Promise<string> {
  return mustRun([toolPath(sops), ...words], { cwd: folder, env: environment });
}

async function readBySops(): Promise<unknown> {
  return JSON.parse(await run("--decrypt", "--input-type", "dotenv", "--output-type", "json", file));
}

describe("a file that slipway writes", () => {
  const settings: [string, Partial<SopsSettings>][] = [
    ["wholly encrypted", {}],
    ["with mac_only_encrypted", { macOnlyEncrypted: true, rule: { name: "encrypted_regex", text: "^V.*[02468]$" } }],
    ["with unencrypted_suffix", { rule: { name: "unencrypted_suffix", text: "3" } }],
  ];

  test.each(settings)("is read by sops to the byte, %s", async (_, changes) => {
    // The format cannot tell a line end in a plain value from the two characters for it.
    const values = randomValues(300, 3).map((value) => (value === "" ? "x" : value.replaceAll("\\n", "/n")));
    const variables = values.map((value, index) => ({ name: `V${index}`, value }));
    writeFileSync(file, await writeSops(variables, { recipients: keys.recipients, now, ...changes }));
    expect(await readBySops()).toEqual(Object.fromEntries(variables.map(({ name, value }) => [name, value])));
  });

  test("is changed by sops, for several recipients, and read by slipway again", async () => {
    const second = await fixtureKeys("second");
    const recipients = [...keys.recipients, ...second.recipients];
    writeFileSync(file, await writeSops([{ name: "A", value: "one" }], { recipients, now }));
    await run("set", file, '["B"]', '"two\\nlines"');
    await run("rotate", "-i", file);
    for (const key of [keys, second]) {
      const read = await readSops("staging.env", readFileSync(file, "utf8"), key);
      expect(read.problems).toEqual([]);
      expect(valuesOf(read)).toEqual({ A: "one", B: "two\nlines" });
    }
  });
});

describe("a file that only the sops program can read", () => {
  const schema = z.array(z.string());

  test.each([
    ["YAML", "map.yaml", { POSTGRES_PASSWORD: "a secret", PORT: "5432", ON: "true" }],
    ["JSON", "map.json", { POSTGRES_PASSWORD: "a secret", PORT: "5432" }],
    ["several key groups", "key-groups.env", fixtureValues],
  ])("is decrypted by the program: %s", async (_, name, expected) => {
    const trial = new TrialEnvironment();
    const second = await fixtureKeys("second");
    trial.encrypted(name);
    const path = `${join(toolPath(sops), "..")}:${environment["PATH"] ?? ""}`;
    const both = [...keys.identities, ...second.identities].join("\n");
    const source = await trial.read({ process: { PATH: path, SOPS_AGE_KEY: both } });
    expect(faultsOf(source)).toEqual([]);
    expect(Object.fromEntries(source.variables.map((variable) => [variable.name, variable.value]))).toEqual(expected);
    expect(schema.parse(source.notes)[0]).toContain("is decrypted by the sops program, since ");
    trial.remove();
  });

  test("rejects a change by hand, with sops' own message", async () => {
    const trial = new TrialEnvironment();
    trial.write("infra/env/staging.env.enc", fixture("map.yaml").replace("PORT:", "PART:"));
    const path = `${join(toolPath(sops), "..")}:${environment["PATH"] ?? ""}`;
    const source = await trial.read({ process: { PATH: path, SOPS_AGE_KEY: keys.identities.join("\n") } });
    expect(faultsOf(source)).toEqual([
      expect.stringMatching(/^infra\/env\/staging\.env\.enc: sops ended with code \d+: /),
    ]);
    expect(faultsOf(source).join()).not.toMatch(/ENC\[A|AGE-SECRET-KEY-1/);
    trial.remove();
  });
});
