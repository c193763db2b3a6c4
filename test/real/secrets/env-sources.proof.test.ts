import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeEnvFile } from "../../../model/stack/env-file.ts";
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

/** What the project's folder has as its encrypted file; undefined for none. */
function put(text: string | undefined): void {
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
  put(encrypted);
}, long);
afterAll(() => opened.close(), long);

test(
  "A1 the encrypted file is where the secrets come from, A2 with SOPS_AGE_KEY_B64, A11 and the CI has no other",
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
  "A1 the same values from the CI's variables change nothing, and their source is named",
  async () => {
    put(undefined);
    const { exitCode, output } = await run("preview", ci);
    expect(exitCode, output).toBe(0);
    expect(output).toContain("variables: from CI variables");
    expect(output).toMatch(/^ +\d+ unchanged$/m);
    expect(output).not.toMatch(/^ +[~+-]+ ?\d+ to /m);
  },
  long,
);

test(
  "A1 a damaged file stops a preview, whatever the CI knows, A3 with every other fault, before the first connection",
  async () => {
    put(encrypted.replace("GOOGLE_CLIENT_SECRET=ENC[AES256_GCM,data:", "GOOGLE_CLIENT_SECRET=ENC[AES256_GCM,data:AA"));
    const { exitCode, output } = await run("preview", { ...key, ...ci, SERVER_HOST: "192.0.2.1" });
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`${path}:2: GOOGLE_CLIENT_SECRET is not as SOPS wrote it`);
    expect(output).not.toContain("192.0.2.1");
  },
  long,
);

test(
  "A8 addresses of another environment stop a preview, A3 with file and line",
  async () => {
    put(encrypted);
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

test("no run said a value or the key", () => {
  for (const text of said) expect(text).not.toMatch(/canary|AGE-SECRET-KEY-1/);
});
