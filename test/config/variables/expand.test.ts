import { describe, expect, it } from "vitest";
import { expandVariables } from "../../../config/variables/expand.ts";

describe("variables of the configuration", () => {
  it("fills in SERVER_HOST and SERVER_USER at any depth (A7)", () => {
    const host = { address: "${SERVER_HOST}", user: "${SERVER_USER}", port: 22, nested: { name: "db.${SERVER_HOST}" } };
    expect(expandVariables("host", host, { SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy" })).toEqual({
      value: { address: "192.0.2.10", user: "deploy", port: 22, nested: { name: "db.192.0.2.10" } },
      problems: [],
      unset: [],
    });
  });

  it("leaves a value's own dollar signs alone", () => {
    const text = "$5 and $HOME and $$";
    expect(expandVariables("x", text, {}).value).toBe(text);
  });

  it("does not expand a variable's value again", () => {
    expect(expandVariables("x", "${A}", { A: "${B}", B: "b" }).value).toBe("${B}");
  });

  it("rejects each variable that is unset or empty, by path and name", () => {
    const { problems } = expandVariables(
      "host",
      { address: "${SERVER_HOST}", user: "${SERVER_USER}" },
      { SERVER_USER: "" },
    );
    expect(problems.map(({ path, what }) => `${path}: ${what}`)).toEqual([
      "host.address: needs the variable SERVER_HOST, which is not set",
      "host.user: needs the variable SERVER_USER, which is empty",
    ]);
  });

  it.each([
    "CI_JOB_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "SSH_PRIVATE_KEY",
    "SSH_AUTH_SOCK",
    "SOPS_AGE_KEY_FILE",
    "SLIPWAY_GITLAB_TOKEN",
    "REGISTRY_PASSWORD",
    "aws_secret_access_key",
  ])("rejects %s, which may hold a key of the job, even if another variable is not set", (name) => {
    expect(expandVariables("domain", `\${UNSET}\${${name}}`, { [name]: "top secret" })).toEqual({
      value: `\${UNSET}\${${name}}`,
      problems: [
        {
          path: "domain",
          what: `uses the variable ${name}, which may hold a key of the job`,
          todo: "use a variable whose name does not look like a key's, such as SERVER_HOST",
        },
      ],
      unset: [],
    });
  });

  it("takes SERVER_HOST_KEY and other host keys, which are public", () => {
    const environment = { SERVER_HOST_KEY: "a", WEB1_HOST_KEY: "b" };
    expect(expandVariables("x", "${SERVER_HOST_KEY} ${WEB1_HOST_KEY}", environment).value).toBe("a b");
  });
});
