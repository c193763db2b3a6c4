import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runSlipway } from "../../../cli/commands/commands.ts";
import { exitCodes } from "../../../cli/exit-code.ts";
import { readAgeKeys } from "../../../secrets/age/key.ts";
import { readSops } from "../../../secrets/sops/read.ts";
import { fixture, valuesOf } from "../../secrets/fixture.ts";

const base = join(import.meta.dirname, "..", "..", "corpus", "base");
const path = "infra/env/staging.env.enc";
let folder: string;
let said: string[];

/** Runs a command in the trial's folder; the environment is this process', since it is one. */
async function slipway(line: string, environment: Record<string, string> = {}): Promise<number> {
  Object.entries(environment).forEach(([name, value]) => vi.stubEnv(name, value));
  try {
    return await runSlipway(["-C", folder, ...line.split(" ")]);
  } finally {
    Object.keys(environment).forEach((name) => vi.stubEnv(name, undefined));
  }
}

const read = (file: string): string => readFileSync(join(folder, file), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-commands-"));
  cpSync(base, folder, { recursive: true });
  const stack = read("Pulumi.staging.yaml");
  writeFileSync(join(folder, "Pulumi.staging.yaml"), `${stack}  trial:fingerprintKey:\n    secure: v1:x\n`);
  said = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => said.push(String(text).trimEnd()) > 0);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("slipway env check", () => {
  test("checks every stack, and names its source and its readers (A3, F118)", async () => {
    writeFileSync(join(folder, "Pulumi.production.yaml"), read("Pulumi.staging.yaml"));
    const environment = { SOPS_AGE_KEY_B64: fixture("first-key.b64") };
    expect(await slipway("env check", environment)).toBe(exitCodes.notChecked);
    expect(said).toEqual([
      "production: variables from CI variables",
      "  not checked: the values of CI variables are not known here; 1 of the stack's file, 5 of slipway's own, " +
        "0 of CI variables",
      `staging: variables from ${path}`,
      `  ${path}: is encrypted for age1va9n047l…, last written 2026-11-21`,
      `  right: 1 of the stack's file, 5 of slipway's own, 6 of ${path}`,
    ]);
    expect(await slipway("env check --stack staging", environment)).toBe(exitCodes.done);
    expect(await slipway("env check --stack organization/trial/staging", environment)).toBe(exitCodes.done);
  });

  test("needs no key to find what is missing, and says that it did not check the values", async () => {
    expect(await slipway("env check -s staging")).toBe(exitCodes.notChecked);
    writeFileSync(join(folder, ".env.example"), `${read(".env.example")}NEW=\n`);
    said = [];
    expect(await slipway("env check -s staging")).toBe(exitCodes.refused);
    expect(said.at(-1)).toMatch(
      /^staging: the configuration has problems:\n {2}- \.env\.example:33: NEW is missing in infra/,
    );
  });

  test("goes on with the next stack if one is wrong", async () => {
    writeFileSync(join(folder, "Pulumi.other.yaml"), "config: [\n");
    expect(await slipway("env check -s other -s staging")).toBe(exitCodes.refused);
    expect(said.map((line) => line.split(":")[0])).toContain("staging");
  });

  test("rejects words that it does not know", async () => {
    await expect(slipway("env check staging")).rejects.toMatchObject({ usage: true });
  });
});

describe("slipway env init", () => {
  const home = (): Record<string, string> => ({ XDG_CONFIG_HOME: join(folder, "..", "slipway-settings-of-test") });
  const keyFile = (): string => join(home()["XDG_CONFIG_HOME"] ?? "", "slipway", "keys", "trial-staging.age");
  beforeEach(() => rmSync(join(folder, path)));
  afterEach(() => rmSync(home()["XDG_CONFIG_HOME"] ?? "", { recursive: true, force: true }));

  test("makes key, rule and file, which the check then understands, and prints no key", async () => {
    expect(await slipway("env init -s staging", home())).toBe(exitCodes.done);
    const key = readFileSync(keyFile(), "utf8");
    const recipient = /public key: (\S+)/.exec(key)?.[1] ?? "";
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(said.join("\n")).not.toContain("AGE-SECRET-KEY-1");
    expect(read(".sops.yaml")).toBe(
      `creation_rules:\n  - path_regex: (^|/)infra/env/staging\\.env\\.enc$\n    age: ${recipient}\n`,
    );
    said = [];
    const checked = await slipway("env check -s staging", { SOPS_AGE_KEY_B64: Buffer.from(key).toString("base64") });
    expect(checked).toBe(exitCodes.refused);
    expect(said.at(-1)).toContain(
      `${path}:1: POSTGRES_PASSWORD is a placeholder (.env.example:18); set the real value`,
    );
  });

  test("changes nothing that exists", async () => {
    await slipway("env init -s staging", home());
    const before = [read(".sops.yaml"), read(path), readFileSync(keyFile(), "utf8")];
    said = [];
    expect(await slipway("env init -s staging", home())).toBe(exitCodes.done);
    expect([read(".sops.yaml"), read(path), readFileSync(keyFile(), "utf8")]).toEqual(before);
    expect(said.every((line) => line.includes("already"))).toBe(true);
  });

  test("says in JSON what it made and what it kept, and tells each step on stderr", async () => {
    const stdout = vi.spyOn(process.stdout, "write");
    const answer = async (): Promise<unknown> => {
      stdout.mockClear();
      await slipway("env init -s staging --json", home());
      return JSON.parse(stdout.mock.calls.map(([text]) => String(text)).join(""));
    };
    const init = { stack: "staging", madeStack: false, madeKey: false };
    const all = [keyFile(), ".sops.yaml", path];
    expect(await answer()).toEqual({ stack: "staging", made: all, kept: [], init });
    expect(said.join("\n")).toContain(`slipway: ${path}: made, with a placeholder for POSTGRES_PASSWORD`);
    expect(await answer()).toEqual({ stack: "staging", made: [], kept: [".sops.yaml", path], init });
  });

  test("rejects keys that a rule which is there does not have", async () => {
    await slipway("env init -s staging", home());
    expect(await slipway(`env init -s staging --key ${keyFile()}`, home())).toBe(exitCodes.done);
    await expect(slipway(`env init -s staging --recovery age1other --key /no/such.age`, home())).rejects.toThrow(
      `--key: is not among the keys of .sops.yaml's rule for ${path}, which stays; leave it out, or add its public ` +
        `key there and run \`sops updatekeys ${path}\`\n--recovery: is not among`,
    );
  });

  test("keeps the other rules and comments of .sops.yaml, and adds a recovery key", async () => {
    const other = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";
    writeFileSync(
      join(folder, ".sops.yaml"),
      `# ours\ncreation_rules:\n  # production's\n  - path_regex: production\n    age: ${other}\n`,
    );
    const second = /age1\w+/.exec(Buffer.from(fixture("second-key.b64"), "base64").toString())?.[0] ?? "";
    expect(await slipway(`env init -s staging --recovery ${second}`, home())).toBe(exitCodes.done);
    expect(read(".sops.yaml")).toMatch(
      new RegExp(
        "^# ours\ncreation_rules:\n" +
          `  - path_regex: .*staging.*\n    age: age1\\w+,${second}\n` +
          `  # production's\n  - path_regex: production\n    age: ${other}\n$`,
      ),
    );
    expect(read(path)).toContain(`sops_age__list_1__map_recipient=${second}`);
  });

  test("rejects a .sops.yaml whose rule names other key groups, or that is not YAML", async () => {
    for (const [text, said] of [
      ["creation_rules:\n  - pgp: ABCD\n", ".sops.yaml: has key groups other than age"],
      ["creation_rules: [\n", ".sops.yaml:2: is not YAML"],
    ] as const) {
      writeFileSync(join(folder, ".sops.yaml"), text);
      await expect(slipway("env init -s staging", home())).rejects.toThrow(said);
      expect([read(".sops.yaml"), existsSync(keyFile())]).toEqual([text, false]);
    }
  });

  test("rejects a .sops.yaml that is a link, and makes no key for it", async () => {
    writeFileSync(join(folder, "shared.yaml"), "");
    symlinkSync("shared.yaml", join(folder, ".sops.yaml"));
    await expect(slipway("env init -s staging", home())).rejects.toThrow(".sops.yaml: is a link, got ");
    expect([read("shared.yaml"), existsSync(keyFile())]).toEqual(["", false]);
  });

  test("keeps the key in the user's folder where XDG_CONFIG_HOME is no absolute path", async () => {
    const own = { HOME: home()["XDG_CONFIG_HOME"] ?? "", XDG_CONFIG_HOME: "settings" };
    expect(await slipway("env init -s staging", own)).toBe(exitCodes.done);
    expect(existsSync(join(own.HOME, ".config", "slipway", "keys", "trial-staging.age"))).toBe(true);
  });

  test("rejects a private key inside the project, and a recovery key that is none", async () => {
    await expect(slipway("env init -s staging --key ./key.age", home())).rejects.toThrow(
      /^--key: is in the project, where it could be committed, got '.*key\.age'; name a file outside of it/,
    );
    await expect(slipway("env init -s staging --recovery hunter2", home())).rejects.toThrow(
      "--recovery: is not a public key of age, got 'hunter2'; give the age1… that `age-keygen` prints",
    );
    expect(existsSync(join(folder, path))).toBe(false);
  });

  test("rejects a command line without a stack", async () => {
    await expect(slipway("env init", home())).rejects.toMatchObject({
      message: "--stack: is missing; name one of staging",
      usage: true,
    });
  });
});

describe("slipway env from-ci", () => {
  const recipient = /age1\w+/.exec(Buffer.from(fixture("first-key.b64"), "base64").toString())?.[0] ?? "";
  const job = {
    POSTGRES_PASSWORD: 'a $ecret of "many"\nlines',
    SITE_NAME: "Trial",
    SITE_URL: "https://staging.example.com",
    SERVER_APP_DIR: "/opt/trial",
  };
  beforeEach(() => {
    rmSync(join(folder, path));
    writeFileSync(join(folder, ".sops.yaml"), `creation_rules:\n  - age: ${recipient}\n    mac_only_encrypted: true\n`);
  });

  test("encrypts variables that the contract declares and the stack does not set, and prints only names", async () => {
    expect(await slipway("env from-ci -s staging", job)).toBe(exitCodes.done);
    const { keys } = await readAgeKeys({ SOPS_AGE_KEY_B64: fixture("first-key.b64") });
    const file = await readSops(path, read(path), keys);
    expect(file.problems).toEqual([]);
    expect(valuesOf(file)).toEqual({ POSTGRES_PASSWORD: job.POSTGRES_PASSWORD, SITE_NAME: "Trial" });
    expect(read(path)).toContain("sops_mac_only_encrypted=true");
    expect(said).toEqual([
      `${path}: wrote 2 variables for age1va9n047l…`,
      "commit it; from then on it wins, and these can be removed from the CI: POSTGRES_PASSWORD, SITE_NAME",
    ]);
    expect(await slipway("env check -s staging", { SOPS_AGE_KEY_B64: fixture("first-key.b64") })).toBe(exitCodes.done);
  });

  test("says in JSON which variables the file has, and for whom", async () => {
    const stdout = vi.spyOn(process.stdout, "write");
    expect(await slipway("env from-ci -s staging --json", job)).toBe(exitCodes.done);
    expect(JSON.parse(stdout.mock.calls.map(([text]) => String(text)).join(""))).toEqual({
      ...{ stack: "staging", file: path, recipients: [recipient] },
      variables: ["POSTGRES_PASSWORD", "SITE_NAME"],
    });
  });

  test("rejects variables that the check would reject, and writes nothing", async () => {
    await expect(slipway("env from-ci -s staging", { ...job, POSTGRES_PASSWORD: "short" })).rejects.toThrow(
      "CI variable POSTGRES_PASSWORD: is less than 12 characters, got 5 (.env.example:18)",
    );
    expect(existsSync(join(folder, path))).toBe(false);
  });

  test("rejects a file that exists, and a file without recipients", async () => {
    rmSync(join(folder, ".sops.yaml"));
    await expect(slipway("env from-ci -s staging", job)).rejects.toThrow(
      ".sops.yaml: does not exist; run `slipway env init`, or write creation_rules with age recipients there",
    );
    writeFileSync(join(folder, path), "x");
    await expect(slipway("env from-ci -s staging", job)).rejects.toThrow(
      `${path}: exists already; change it with \`sops\`, or remove it first`,
    );
  });
});
