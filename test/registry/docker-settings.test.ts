import { Buffer } from "node:buffer";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { credentialsOf, type Credential } from "../../registry/credential.ts";
import { dockerCredentials } from "../../registry/docker-settings.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "slipway-docker-settings-"));
  mkdirSync(join(home, ".docker"));
});
afterEach(() => rmSync(home, { recursive: true }));

const auth = (text: string): string => Buffer.from(text).toString("base64");

async function found(settings: unknown, registry: string, path = ""): Promise<Credential | undefined> {
  writeFileSync(join(home, ".docker", "config.json"), JSON.stringify(settings));
  return await dockerCredentials({ HOME: home, PATH: `${join(home, "bin")}:${path}`, SSH_PRIVATE_KEY: "canary" })(
    registry,
  );
}

/** Writes a credential helper, which is a program on PATH. */
function helper(name: string, script: string): void {
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, "bin", `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test("a login is found where `docker login` wrote it, also that of Docker Hub", async () => {
  const auths = { "https://index.docker.io/v1/": { auth: auth("a:b:c") }, "r.test:5000": { auth: auth("u:ä") } };
  const from = join(home, ".docker", "config.json");
  expect(await found({ auths }, "docker.io")).toEqual({ kind: "password", user: "a", password: "b:c", from });
  expect(await found({ auths }, "r.test:5000")).toEqual({ kind: "password", user: "u", password: "ä", from });
  expect(await found({ auths }, "r.test")).toBeUndefined();
  expect(await found({ auths: { "r.test": { auth: "", identitytoken: "t" } } }, "r.test")).toEqual({
    ...{ kind: "token", token: "t", from },
  });
});

test("a machine without Docker's settings has no login", async () => {
  expect(await dockerCredentials({ HOME: join(home, "nobody") })("r.test")).toBeUndefined();
});

test("a credential helper is asked for the registry alone, without the keys of servers", async () => {
  helper("desk", `read name; [ "$1 $name $SSH_PRIVATE_KEY" = "get r.test " ] && echo '{"Username":"u","Secret":"s"}'`);
  helper("cloud", `cat > /dev/null; echo '{"Username":"<token>","Secret":"t"}'`);
  const settings = { credsStore: "desk", credHelpers: { "cloud.test": "cloud" } };
  const path = process.env["PATH"] ?? "";
  expect(await found(settings, "r.test", path)).toMatchObject({
    user: "u",
    password: "s",
    from: "docker-credential-desk",
  });
  expect(await found(settings, "cloud.test", path)).toMatchObject({ kind: "token", token: "t" });
  expect(await found(settings, "other.test", path)).toBeUndefined();
});

test("rejects a helper that is not there, and one whose name is a path", async () => {
  await expect(found({ credsStore: "gone" }, "r.test")).rejects.toThrow(
    "has no login, since docker-credential-gone cannot be started; " +
      "make docker-credential-gone work, or remove it from Docker's config.json",
  );
  await expect(found({ credsStore: "../../tmp/x" }, "r.test")).rejects.toThrow("names no credential helper");
});

test("rejects settings that Docker did not write", async () => {
  await expect(found([], "r.test")).rejects.toThrow("is not what Docker writes");
});

test("the run's own logins come first, and Docker's settings are not read for their registries", async () => {
  const otherwise = (registry: string): Promise<Credential> => {
    if (registry !== "other.test") throw new Error("it was asked");
    return Promise.resolve({ kind: "token", token: "t", from: "" });
  };
  const logins = [
    { server: "r.test", user: "u", password: "p" },
    { server: "https://index.docker.io/v1/", user: "hub", password: "p" },
  ];
  const find = credentialsOf(logins, otherwise);
  expect(await find("r.test")).toMatchObject({ user: "u", from: "registries" });
  expect(await find("docker.io")).toMatchObject({ user: "hub" });
  expect(await find("other.test")).toMatchObject({ kind: "token" });
});
