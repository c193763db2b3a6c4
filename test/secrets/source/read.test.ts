import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixture } from "../fixture.ts";
import { faultsOf, TrialEnvironment } from "../trial-environment.ts";

const key = { SOPS_AGE_KEY_B64: fixture("first-key.b64") };
const path = "infra/env/staging.env.enc";

describe("A1: the variables of an environment", () => {
  let trial: TrialEnvironment;
  beforeEach(() => {
    trial = new TrialEnvironment();
  });
  afterEach(() => trial.remove());

  const command = ["printf", "POSTGRES_PASSWORD=of the command"];
  const secrets = { POSTGRES_PASSWORD: "of the config" };
  const process = { ...key, PATH: "/usr/bin:/bin", POSTGRES_PASSWORD: "of the CI" };
  const all = { settings: { command, timeout: 20 }, secrets, process };

  it("come from the file, else the command, else secret config, else the CI (B7, C11, D6)", async () => {
    const names = async (changes: object): Promise<(string | undefined)[]> => {
      const { name, variables, problems } = await trial.read({ ...all, ...changes });
      expect(problems).toEqual([]);
      return [name, variables.find((variable) => variable.name === "POSTGRES_PASSWORD")?.value];
    };
    trial.encrypted("plain-age.env");
    expect(await names({})).toEqual([path, 'correct horse $battery "staple" #1']);
    trial.remove();
    trial = new TrialEnvironment();
    expect(await names({})).toEqual(["command", "of the command"]);
    expect(await names({ settings: { timeout: 20 } })).toEqual(["secret config", "of the config"]);
    expect(await names({ settings: { timeout: 20 }, secrets: {} })).toEqual(["CI variables", "of the CI"]);
  });

  it("are noted by name, without values, if the CI sets them, too (F117)", async () => {
    trial.encrypted("plain-age.env");
    const { notes } = await trial.read(all);
    expect(notes).toContain(`${path} wins over the CI's variables for POSTGRES_PASSWORD`);
    expect(notes.join()).not.toContain("of the CI");
  });

  it("include only those of the CI that the contract declares for the containers, by name or prefix", async () => {
    const many = { PATH: "/bin", HOME: "/root", SERVER_HOST: "h", POSTGRES_PASSWORD: "p", R2_KEY: "r", SITE_NAME: "" };
    const { variables, empty } = await trial.read({ process: many });
    expect(variables.map(({ name }) => name)).toEqual(["POSTGRES_PASSWORD", "R2_KEY"]);
    expect(empty.map(({ name }) => name)).toEqual(["SITE_NAME"]);
  });

  it("are read from GitLab's File variables, which hold a path (F116)", async () => {
    const file = trial.write("builds/POSTGRES_PASSWORD", "a $ecret\n");
    const { variables } = await trial.read({ process: { POSTGRES_PASSWORD: file, SITE_NAME: "/etc/hostname" } });
    expect(variables.map(({ value }) => value)).toEqual(["a $ecret", "/etc/hostname"]);
  });

  it.each<[string, string, RegExp]>([
    [
      "a damaged file",
      fixture("plain-age.env").replace("EQUALS=ENC", "EQUALS=EMC"),
      /^infra\/env\/staging\.env\.enc:7: EQUALS is not as SOPS wrote it/,
    ],
    ["an empty file", "", /is not encrypted/],
    ["a file in plain text", "POSTGRES_PASSWORD=canary\n", /is not encrypted/],
  ])("rejects %s, and never falls back (A1)", async (_, text, fault) => {
    trial.write(path, text);
    const source = await trial.read(all);
    expect(source).toMatchObject({ name: path, variables: [] });
    expect(faultsOf(source)).toEqual([expect.stringMatching(fault)]);
    expect(faultsOf(source).join()).not.toContain("canary");
  });

  it("rejects a file that is not a file, and a missing one that env.file names", async () => {
    trial.write(`${path}/x`, "");
    expect(faultsOf(await trial.read(all))).toEqual([
      `${path}: exists, but cannot be read as a file; restore it from the repository: \`git checkout\``,
    ]);
    expect(faultsOf(await trial.read({ settings: { file: { path: "other.env.enc", named: true } } }))).toEqual([
      "env.file: names a file that does not exist, got 'other.env.enc'; correct env.file, " +
        "or make the file with `slipway env init`",
    ]);
  });

  it("rejects a file without a key, and says why a protected variable may be absent (F115)", async () => {
    trial.encrypted("plain-age.env");
    expect(faultsOf(await trial.read())).toEqual([
      `${path}: no age key is given to decrypt it (for age1va9n047l…); set SOPS_AGE_KEY_B64, SOPS_AGE_KEY, ` +
        "SOPS_AGE_KEY_FILE for this environment",
    ]);
    const unprotected = await trial.read({ process: { CI_COMMIT_REF_PROTECTED: "false" } });
    expect(faultsOf(unprotected)[0]).toMatch(/; this branch is not protected, so protected variables are missing$/);
  });

  it("rejects the key of another environment, and names its file (F105)", async () => {
    trial.encrypted("plain-age.env");
    trial.write("infra/env/production.env.enc", fixture("two-recipients.env"));
    const source = await trial.read({ process: { SOPS_AGE_KEY_B64: fixture("second-key.b64") } });
    expect(faultsOf(source)).toEqual([
      expect.stringMatching(/^infra\/env\/staging\.env\.enc: none of its 1 recipients/),
      "SOPS_AGE_KEY_B64: holds the key of another file, 'infra/env/production.env.enc'; " +
        "set SOPS_AGE_KEY_B64 with this environment's key, in its own scope",
    ]);
  });

  it("rejects a file that lacks a recipient of .sops.yaml, and notes one too many (F105, F118)", async () => {
    trial.encrypted("plain-age.env");
    const [second = ""] = /age1\w+/.exec(Buffer.from(fixture("second-key.b64"), "base64").toString()) ?? [];
    trial.write(".sops.yaml", `creation_rules:\n  - path_regex: staging\n    age: ${second}\n`);
    const source = await trial.read({ process: key });
    expect(faultsOf(source)).toEqual([
      `${path}: is not encrypted for age19c3eed2y…, whom .sops.yaml names; ` +
        `run \`sops updatekeys --input-type dotenv ${path}\``,
    ]);
    expect(source.notes).toEqual([
      `${path}: is encrypted for age1va9n047l…, last written 2026-11-21`,
      `${path}: age1va9n047l… can read it, but is not in .sops.yaml; ` +
        `\`sops updatekeys --input-type dotenv ${path}\` and \`sops rotate -i --input-type dotenv --output-type ` +
        `dotenv ${path}\` lock it out of new values`,
    ]);
  });

  it("rejects an unencrypted secret, by its name (F107)", async () => {
    trial.encrypted("encrypted-regex.env");
    trial.write(path, fixture("encrypted-regex.env").replaceAll("SITE_NAME", "SITE_TOKEN"));
    const source = await trial.read({ process: key });
    expect(source.notes).toContain(`${path}: has unencrypted values: SPACES, UNICODE, EQUALS, SITE_TOKEN`);
    expect(faultsOf(source)).toEqual([
      `${path}:9: SITE_TOKEN is not encrypted, and its name says that it is secret; encrypt it: rename it, ` +
        "or change the rule in .sops.yaml, and make a new value",
    ]);
  });

  it("rejects a file without a key to verify it, even if all its values are plain (F105)", async () => {
    const lines = fixture("encrypted-regex.env").split("\n");
    trial.write(path, lines.filter((line) => !/^[A-Z].*=ENC/.test(line)).join("\n"));
    const source = await trial.read();
    expect(source.variables.map(({ value }) => value)).not.toContain(undefined);
    expect(faultsOf(source)).toEqual([expect.stringMatching(/: no age key is given to decrypt it/)]);
  });

  it.each<[string, string[], string]>([
    [
      "fails",
      ["sh", "-c", "echo canary >&2; echo A=canary; exit 3"],
      "env.command: ended with code 3, got 'sh'; run it by hand to see what it says",
    ],
    [
      "is not there",
      ["/nowhere/vault"],
      "env.command: cannot be run, got '/nowhere/vault'; install it, or write its full path",
    ],
    ["prints nothing", ["true"], "env.command: printed nothing; run 'true' by hand"],
    [
      "prints no document",
      ["echo", "canary"],
      "env.command:1: is neither `NAME=value` nor a comment; correct or remove the line",
    ],
    [
      "hangs, with all that it started",
      ["sh", "-c", "sleep 1000 & sleep 1000"],
      "env.command: did not end within 0.2 seconds, got 'sh'; find out why, or raise env.timeout",
    ],
    [
      "prints without end",
      ["yes", "A=canary"],
      "env.command: printed more than 16777216 bytes, got 'yes'; make it print the variables alone",
    ],
  ])("rejects a command that %s, and does not print its output", async (_, words, fault) => {
    const source = await trial.read({
      settings: { command: words, timeout: words[2]?.includes("sleep") === true ? 0.2 : 20 },
    });
    expect(faultsOf(source)).toEqual([fault]);
  });

  it("come from a command that gets the stack's ENVIRONMENT and none of Pulumi's secrets (D6)", async () => {
    const words = ["sh", "-c", 'echo "A=$ENVIRONMENT-$PULUMI_CONFIG-$POSTGRES_PASSWORD"'];
    const { variables } = await trial.read({
      settings: { command: words, timeout: 20 },
      process: { ...process, PULUMI_CONFIG: "canary" },
    });
    expect(variables).toEqual([{ name: "A", value: "staging--of the CI", place: "env.command:1" }]);
  });

  it("need neither a command nor a key in an offline plan or a check", async () => {
    const offline = await trial.read({ settings: { command: ["false"], timeout: 1 }, purpose: "offline plan" });
    expect(offline).toMatchObject({ name: "command", names: "not known here", problems: [] });
    trial.encrypted("plain-age.env");
    const locked = await trial.read({ purpose: "offline plan" });
    expect(locked).toMatchObject({ name: path, names: "known", values: "not known here", problems: [] });
    expect(locked.variables.map(({ name }) => name)).toContain("POSTGRES_PASSWORD");
  });
});

describe("a file that only the sops program can read", () => {
  let trial: TrialEnvironment;
  beforeEach(() => {
    trial = new TrialEnvironment();
  });
  afterEach(() => trial.remove());

  it.each([
    ["YAML", "map.yaml", "it is YAML"],
    ["JSON", "map.json", "it is JSON"],
    ["several key groups", "key-groups.env", "its key is held by key_groups, shamir_threshold"],
  ])("rejects a machine without the program: %s", async (_, name, why) => {
    trial.encrypted(name);
    expect(faultsOf(await trial.read({ process: { ...key, PATH: "/nowhere" } }))).toEqual([
      `${path}: needs the program sops, since ${why}; install sops 3.9 or newer, ` +
        "or encrypt the file with age keys alone in SOPS' dotenv form",
    ]);
  });

  it("is given to the program with the key in its own form, and a note says so", async () => {
    trial.encrypted("map.yaml");
    const folder = trial.folder;
    trial.write("bin/sops", `#!/bin/sh\nprintf '{"WORDS":"%s","KEY":"%.14s"}' "$*" "$SOPS_AGE_KEY"\n`, 0o755);
    const source = await trial.read({ process: { ...key, PATH: `${folder}/bin:/usr/bin:/bin` } });
    expect(source.problems).toEqual([]);
    expect(source.variables.map(({ value }) => value)).toEqual([
      `--decrypt --input-type yaml --output-type json ${folder}/${path}`,
      "AGE-SECRET-KEY",
    ]);
    expect(source.notes).toEqual([`${path}: is decrypted by the sops program, since it is YAML`]);
  });

  it("rejects a file that the program rejects, and prints neither ciphertexts nor keys", async () => {
    trial.encrypted("map.yaml");
    trial.write(
      "bin/sops",
      `#!/bin/sh\necho "MAC mismatch ENC[AES256_GCM,data:canary] $SOPS_AGE_KEY" >&2\nexit 51\n`,
      0o755,
    );
    const source = await trial.read({ process: { ...key, PATH: `${trial.folder}/bin:/usr/bin:/bin` } });
    expect(faultsOf(source)).toEqual([
      `${path}: sops ended with code 51: MAC mismatch ENC[…] …; run \`sops --decrypt\` on it to see the whole reason`,
    ]);
  });

  it("rejects a key that is defined twice, of which sops would take one", async () => {
    trial.write(path, fixture("map.yaml").replace("PORT:", "POSTGRES_PASSWORD:"));
    expect(faultsOf(await trial.read({ process: key }))).toEqual([
      `${path}:2: repeats an earlier key; correct it, or restore it from the repository`,
    ]);
  });
});
