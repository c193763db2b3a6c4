import { describe, expect, test } from "vitest";
import { runChild } from "../../process/child.ts";
import {
  childEnvironment,
  keylessEnvironment,
  secretReaderEnvironment,
  withoutServerKeys,
} from "../../process/environment.ts";

const canary = "canary-of-the-environment-2718";

/** What a CI job has: keys, the application's own secrets, Pulumi's configuration, and values of GitLab. */
const secrets = Object.fromEntries(
  [
    ...["SSH_PRIVATE_KEY", "SSH_OBSERVE_KEY", "SOPS_AGE_KEY", "SOPS_AGE_KEY_B64", "SOPS_AGE_KEY_FILE"],
    ...["PULUMI_CONFIG", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_BACKEND_URL", "SLIPWAY_GITLAB_TOKEN", "CI_JOB_TOKEN"],
    ...["POSTGRES_PASSWORD", "AWS_SECRET_ACCESS_KEY", "GIT_CONFIG_VALUE_0", "NODE_OPTIONS", "LD_PRELOAD"],
  ].map((name) => [name, canary]),
);
const plain = {
  ...{ PATH: process.env["PATH"], HOME: "/home/me", USER: "me", TERM: "dumb", TMPDIR: "/tmp" },
  ...{ LANG: "C.UTF-8", LC_ALL: "C", SSH_AUTH_SOCK: "/run/agent", HTTPS_PROXY: "http://proxy:3128" },
};

describe("a child of slipway", () => {
  test("gets only what is listed by name, and no key or secret of the job (SEC-C7, F111)", async () => {
    expect(childEnvironment({ ...plain, ...secrets })).toEqual(plain);
    const { stdout } = await runChild([process.execPath, "-p", "JSON.stringify(process.env)"], {
      env: childEnvironment({ ...plain, ...secrets }),
    });
    expect(stdout).not.toContain(canary);
    expect(JSON.parse(stdout)).toMatchObject(plain);
  });

  test("that reads secrets keeps its own credentials, and gets no server's key and no secret of Pulumi", () => {
    const kept = Object.keys(secretReaderEnvironment(secrets));
    expect(kept).toEqual(Object.keys(secrets).filter((name) => !/^(PULUMI_|SSH_)/.test(name)));
  });

  test("that is pulumi without a program gets no key of servers or encrypted files (SEC-C7)", () => {
    const kept = Object.keys(keylessEnvironment(secrets));
    expect(kept).toEqual(Object.keys(secrets).filter((name) => !/^(SOPS_|SSH_)/.test(name)));
  });

  test("that connects to servers by an agent gets neither of their keys (SEC-A6)", () => {
    const kept = Object.keys(withoutServerKeys(secrets));
    expect(kept).toEqual(Object.keys(secrets).filter((name) => !name.startsWith("SSH_")));
  });
});
