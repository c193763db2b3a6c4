import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backendUrl, mustAskPulumi, withoutPassword } from "../../cli/pulumi.ts";

const call = { folder: "/", stack: "staging", stacks: ["staging"], words: [] };

test("the backend is the one that PULUMI_BACKEND_URL names, and Pulumi is not asked", async () => {
  const environment = { PATH: "/nowhere", PULUMI_BACKEND_URL: "s3://bucket" };
  expect(await backendUrl({ ...call, environment })).toBe("s3://bucket");
});

test("without the variable Pulumi is asked, and must answer", async () => {
  for (const environment of [{ PATH: "/nowhere" }, { PATH: "/nowhere", PULUMI_BACKEND_URL: "" }])
    await expect(backendUrl({ ...call, environment })).rejects.toThrow("pulumi whoami: spawn pulumi ENOENT");
});

/** What a fault of Pulumi 3.259.0 becomes. */
async function faultOf(said: string, environment: NodeJS.ProcessEnv): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-pulumi-"));
  try {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.staging.yaml"), "");
    writeFileSync(join(folder, "pulumi"), '#!/bin/sh\necho "error: $SAID" >&2\nexit 255\n');
    chmodSync(join(folder, "pulumi"), 0o755);
    await mustAskPulumi({ ...call, folder, environment: { ...environment, PATH: folder, SAID: said } }, ["stack"]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const noToken = "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions";
const noFolder = 'unable to open state directory "file:///srv/none": stat /srv/none: no such file or directory';
const noPassphrase =
  "could not create secrets manager for new stack: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or " +
  "PULUMI_CONFIG_PASSPHRASE_FILE environment variables";

test.each([
  [
    noToken,
    {},
    "PULUMI_BACKEND_URL: is not set, and pulumi is logged in nowhere, so it is not known where states are kept; set " +
      "it to a URL such as file:///var/lib/pulumi-state, or run `pulumi login <url>` once",
  ],
  [
    noToken,
    { PULUMI_BACKEND_URL: "foo://me:secret@host" },
    "PULUMI_BACKEND_URL: leads to a service that wants a token, got 'foo://…@host'; set PULUMI_ACCESS_TOKEN, or use " +
      "a URL such as file:///var/lib/pulumi-state",
  ],
  [
    noFolder,
    { PULUMI_BACKEND_URL: "file:///srv/none" },
    "PULUMI_BACKEND_URL: leads to no folder that can be used, got 'file:///srv/none': stat /srv/none: no such " +
      "file or directory; make it, or correct the URL",
  ],
  [
    noPassphrase,
    {},
    "PULUMI_CONFIG_PASSPHRASE: is not set, and it encrypts the stack's secrets; set it, or name a file with it in " +
      "PULUMI_CONFIG_PASSPHRASE_FILE; keep it, since nobody can restore it",
  ],
  [
    "incorrect passphrase",
    {},
    "PULUMI_CONFIG_PASSPHRASE: is not the one that encrypts the stack's secrets; correct it",
  ],
  [
    "no stack named 'prod' found",
    {},
    "--stack: names no stack of the backend, got 'prod'; make it with `slipway init --stack prod`, or correct its " +
      "name or the backend",
  ],
  [
    "no stack selected; please use `pulumi stack select` or `pulumi stack init` to choose one",
    {},
    "--stack: is missing; name one of staging",
  ],
  ["something else", {}, "pulumi stack: something else; correct that, and run it again"],
])("Pulumi's fault '%s' with %j has a way out", async (said, environment, message) => {
  expect(await faultOf(said, environment)).toMatchObject({ message });
});

test("a URL of a backend is shown without its password", () => {
  expect(withoutPassword("postgres://pulumi:secret@db/states")).toBe("postgres://…@db/states");
  expect(withoutPassword("file:///var/lib/pulumi@home")).toBe("file:///var/lib/pulumi@home");
});
