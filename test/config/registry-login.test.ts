import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { registryLogins, requireRegistryLogins } from "../../config/registry-login.ts";
import { dockerSettings } from "../../model/stack/registry-login.ts";

const job = { CI_REGISTRY: "registry.example.com", CI_REGISTRY_USER: "job", CI_REGISTRY_PASSWORD: "word" };
const stack = { "ghcr.io": { user: "deploy", passwordVariable: "GHCR_TOKEN" } };

test("the login of the job's own registry needs no configuration (E10)", () => {
  expect(registryLogins({}, job)).toEqual({
    logins: [{ server: "registry.example.com", user: "job", password: "word" }],
    problems: [],
  });
  expect(registryLogins({}, { ...job, CI_REGISTRY_PASSWORD: "" }).logins).toEqual([]);
});

test("the stack's entry for the job's registry replaces the job's own login", () => {
  const registries = { "registry.example.com": { user: "deploy", passwordVariable: "TOKEN" } };
  expect(registryLogins(registries, { ...job, TOKEN: "other" }).logins).toEqual([
    { server: "registry.example.com", user: "deploy", password: "other" },
  ]);
});

test("rejects every registry whose password is not in the environment, and names only the variable", () => {
  expect(() =>
    requireRegistryLogins({ ...stack, "a.example": { user: "x", passwordVariable: "A" } }, { A: "" }),
  ).toThrow(
    [
      "the configuration has problems:",
      "  - registries.a.example.passwordVariable: names a variable that is not set, got 'A'; " +
        "set A in the environment; in a CI, a protected variable is missing on an unprotected branch",
      "  - registries.ghcr.io.passwordVariable: names a variable that is not set, got 'GHCR_TOKEN'; " +
        "set GHCR_TOKEN in the environment; in a CI, a protected variable is missing on an unprotected branch",
    ].join("\n"),
  );
});

test("docker's settings hold each login under the name that docker looks for", () => {
  const login = { user: "u", password: "p:ä" };
  const auth = Buffer.from("u:p:ä").toString("base64");
  const settings = dockerSettings([
    { server: "docker.io", ...login },
    { server: "ghcr.io", ...login },
  ]);
  expect(JSON.parse(settings)).toEqual({ auths: { "https://index.docker.io/v1/": { auth }, "ghcr.io": { auth } } });
});
