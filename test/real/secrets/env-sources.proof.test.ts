import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeEnvFile } from "../../../model/stack/env/env-file.ts";
import { writeSops } from "../../../secrets/sops/write.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import type { Aaperture } from "../stack/aaperture.ts";
import { AapertureServer } from "../stack/aaperture-server.ts";

const long = 600_000;
const path = "infra/env/staging.env.enc";
const secrets = [
  { name: "POSTGRES_PASSWORD", value: "canary-of-the-file" },
  { name: "GOOGLE_CLIENT_SECRET", value: "canary $1 \"#' \\n two" },
];
const ci = Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
const identity = await generateX25519Identity();
const key = { SOPS_AGE_KEY_B64: Buffer.from(`# of a test\n${identity}\n`).toString("base64") };
let opened: AapertureServer;
let aaperture: Aaperture;
const said: string[] = [];

/** Sets the encrypted file of the project's folder; undefined removes it. */
function setEncryptedFile(text: string | undefined): void {
  const file = join(aaperture.folder, path);
  rmSync(file, { force: true });
  if (text === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function run(operation: "up" | "preview", env: NodeJS.ProcessEnv): Promise<PulumiResult> {
  const words = operation === "preview" ? ["--diff"] : [];
  const result = await aaperture.start(operation, "staging", opened.server, words, env).finished;
  said.push(result.output);
  return result;
}

let encrypted: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"], { secrets: { staging: {}, production: {} } });
  ({ aaperture } = opened);
  encrypted = await writeSops(secrets, { recipients: [await identityToRecipient(identity)], now: new Date() });
  setEncryptedFile(encrypted);
}, long);
afterAll(() => opened.close(), long);

test(
  "A1, A2, A11: the secrets come from the encrypted file, with SOPS_AGE_KEY_B64 as the CI's only one",
  async () => {
    const { exitCode, output } = await run("up", key);
    expect(exitCode, output).toBe(0);
    expect(output).toContain(`variables: from ${path}`);
    const file = await opened.server.exec(["cat", "/var/www/aaperture-staging/.env"]);
    expect(file.stdout).toContain(writeEnvFile([...secrets].reverse().slice(0, 1)));
  },
  long,
);

test(
  "A1: the same values from the CI's variables change nothing, and a note names their source",
  async () => {
    setEncryptedFile(undefined);
    const { exitCode, output } = await run("preview", ci);
    expect(exitCode, output).toBe(0);
    expect(output).toContain("variables: from CI variables");
    expect(output).toMatch(/^ +\d+ unchanged$/m);
    expect(output).not.toMatch(/^ +[~+-]+ ?\d+ to /m);
  },
  long,
);

test(
  "A1, A3: rejects a damaged file, with all other faults, before the first connection, whatever the CI sets",
  async () => {
    setEncryptedFile(
      encrypted.replace("GOOGLE_CLIENT_SECRET=ENC[AES256_GCM,data:", "GOOGLE_CLIENT_SECRET=ENC[AES256_GCM,data:AA"),
    );
    const { exitCode, output } = await run("preview", { ...key, ...ci, SERVER_HOST: "192.0.2.1" });
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`${path}:2: GOOGLE_CLIENT_SECRET is not as SOPS wrote it`);
    expect(output).not.toContain("192.0.2.1");
  },
  long,
);

test(
  "A3, A8: rejects addresses of another environment, with file and line",
  async () => {
    setEncryptedFile(encrypted);
    await aaperture.withConfig("staging", { domain: "aaperture.com" }, async () => {
      const { exitCode, output } = await run("preview", key);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /variables\.FRONTEND_URL: does not fit DOMAINNAME: it is not https:\/\/\$\{DOMAINNAME\} \(\.env\.example:\d+\)/,
      );
    });
  },
  long,
);

test("no run prints a value or the key", () => {
  for (const text of said) expect(text).not.toMatch(/canary|AGE-SECRET-KEY-1/);
});
