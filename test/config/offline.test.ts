import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOffline, readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles, readStackFiles } from "../../config/stack-files.ts";
import { copyRootProject } from "./root-project.ts";
import { fixture } from "../secrets/fixture.ts";

const base = join(import.meta.dirname, "..", "corpus", "base");

describe("a stack that is read without engine, server and passphrase", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-offline-"));
    cpSync(base, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const edit = (from: string | RegExp, to: string): void => {
    const file = join(folder, "Pulumi.staging.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  };
  const without = (file: string): void => rmSync(join(folder, file));

  it("has the files' values, and takes encrypted and unset ones as unknown without a problem", async () => {
    edit("address: 192.0.2.10", "address: ${SERVER_HOST}");
    edit("user: deploy", "user: ${SERVER_USER}");
    edit("  trial:project", "  trial:fingerprintKey: { secure: v1:x }\n  trial:project");
    const { read, problems, unknown, variables } = await readOffline({
      folder,
      stack: "staging",
      environment: {},
    });
    expect(problems).toEqual([]);
    expect([...unknown].sort()).toEqual(["fingerprintKey", "host.address", "host.user"]);
    expect(read?.deployment).toMatchObject({ stack: "trial/staging", directory: "/opt/trial", project: "trial" });
    // It tells whether the stack names another server, also where nobody knows the address (SEC-A6).
    const hostKey = expect.stringMatching(/^ssh-ed25519 AAAA/) as string;
    expect(read?.deployment.hosts).toMatchObject({ main: { connection: { host: "", user: "", hostKey } } });
    expect(variables.source).toMatchObject({
      name: "infra/env/staging.env.enc",
      names: "known",
      values: "not known here",
    });
    expect(read?.deployment.variables).toMatchObject({ POSTGRES_PASSWORD: "unknown", API_PORT: "unknown" });
  });

  it("has the problems of its unknown values for those who need them, but none of a replaced user's", async () => {
    edit("address: 192.0.2.10", "address: ${SERVER_HOST}");
    edit("user: deploy", "user: ${SERVER_USER}");
    const request = { folder, stack: "staging", environment: {} };
    const paths = async (user?: string): Promise<string[]> =>
      (await readOffline({ ...request, user })).unset.map(({ path }) => path).sort();
    expect(await paths()).toEqual(["fingerprintKey", "host.address", "host.user"]);
    expect(await paths("slipway-observe")).toEqual(["fingerprintKey", "host.address"]);
    const { read } = await readOffline({ ...request, environment: { SERVER_HOST: "192.0.2.7" }, user: "observer" });
    const { main } = read?.deployment.hosts ?? {};
    expect(main?.connection).toMatchObject({ host: "192.0.2.7", user: "observer" });
  });

  it("has every other problem as in a run", async () => {
    edit("address: 192.0.2.10", "address: ${SERVER_HOST}\n    port: abc");
    const { problems } = await readOffline({ folder, stack: "staging", environment: {} });
    expect(problems.map(({ path, what }) => `${path}: ${what}`)).toEqual([
      "host.port: is not of type number, got 'abc'",
    ]);
  });

  it("has the values of the variables if their key is there", async () => {
    const environment = { SOPS_AGE_KEY_B64: fixture("first-key.b64") };
    const read = await readOffline({ folder, stack: "staging", environment });
    expect(read.variables.source.values).toBe("known");
    expect(read.variables.source.variables[0]?.value).toMatch(/^correct horse/);
  });

  it("has the names of secret config", async () => {
    without("infra/env/staging.env.enc");
    edit("  trial:project", "  trial:secrets:\n    POSTGRES_PASSWORD: { secure: v1:x }\n  trial:project");
    const { variables, problems } = await readOffline({ folder, stack: "staging", environment: {} });
    expect(problems).toEqual([]);
    expect(variables.source).toMatchObject({ name: "secret config", names: "known", values: "not known here" });
    expect(variables.source.variables).toEqual([
      { name: "POSTGRES_PASSWORD", value: undefined, place: "secrets.POSTGRES_PASSWORD" },
    ]);
  });

  it.each([
    ["the CI, whose variables are another job's", ""],
    ["a command, which is not run here", "  trial:env: { command: [vault] }\n"],
    ["secret config that is encrypted as one", "  trial:secrets: { secure: v1:x }\n"],
  ])("takes the contract's required variables as set if the source is %s (B7, D6)", async (_, line) => {
    without("infra/env/staging.env.enc");
    edit("  trial:project", `${line}  trial:project`);
    const { variables, problems, read } = await readOffline({ folder, stack: "staging", environment: {} });
    expect(problems).toEqual([]);
    expect(variables.source).toMatchObject({ names: "not known here", values: "not known here" });
    expect(read?.deployment.variables).toHaveProperty("POSTGRES_PASSWORD", "unknown");
    const strict = await readOfflineVariables({ folder, stack: "staging", environment: {} });
    expect(strict.variables.source.variables).toEqual([]);
  });

  it("does not judge the CI's variables in a job of another environment (B7)", async () => {
    without("infra/env/staging.env.enc");
    const job = { GITLAB_CI: "true", SITE_NAME: "known to every job" };
    const { variables, problems } = await readOfflineVariables({ folder, stack: "staging", environment: job });
    expect([variables.source.names, problems]).toEqual(["not known here", []]);
    const own = { ...job, CI_ENVIRONMENT_NAME: "staging" };
    const there = await readOfflineVariables({ folder, stack: "staging", environment: own });
    expect(there.variables.source.names).toBe("known");
    expect(there.problems.map(({ what }) => what).join()).toContain("missing in CI variables");
  });

  it("can be one of the root project's own", async () => {
    const root = copyRootProject();
    const { stacks } = readProjectFiles(join(root.folder, "infra"));
    expect(stacks).toEqual(["production", "staging"]);
    for (const stack of stacks) {
      const { problems, unknown } = await readOffline({ folder: root.folder, stack, environment: {} });
      expect(problems).toEqual([]);
      expect(unknown).toEqual(["fingerprintKey", "host.address", "host.user", "host.hostKey"]);
    }
    root.remove();
  });

  it("merges no maps: a stack's key replaces the whole default", () => {
    edit("  trial:project", "  trial:services: { web: {} }\n  trial:project");
    const { texts } = readStackFiles(readProjectFiles(folder), "staging");
    expect(texts["services"]).toBe('{"web":{}}');
  });
});
