import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runSlipway } from "../../../cli/commands/commands.ts";
import { prepareScript, rootHelper } from "../../../cli/commands/host-prepare.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-prepare-"));
afterAll(() => rmSync(folder, { recursive: true }));

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIArkvC5RnH6sYOQFuguZiNrvOfW4BzXvv817U4aID67R it's mine";

describe("host prepare", () => {
  test.each([
    [["--key", "nonsense"], "--key: is neither a public key nor the file of one"],
    [["--key", `${key}\n${key}`], "--key: is neither a public key nor the file of one"],
    [["--user", "Ship", "--key", key], "--user: is not a Linux user name, got 'Ship'"],
    [["--user", "a;b", "--key", key], "--user: is not a Linux user name, got 'a;b'"],
    [["--force"], "slipway: does not know the words '--force'"],
    [["now"], "slipway: does not know the words 'now'"],
  ])("rejects %s", async (words, message) => {
    await expect(runSlipway(["host", "prepare", ...words])).rejects.toThrow(message);
  });

  test("rejects a private key, and does not repeat it", async () => {
    const file = join(folder, "private");
    writeFileSync(file, "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n");
    const refused = runSlipway(["host", "prepare", "--key", file]);
    await expect(refused).rejects.toThrow(/^--key: is a private key; /);
    await expect(refused).rejects.not.toThrow("c2VjcmV0");
  });
});

describe("the script that host prepare prints", () => {
  test("is valid bash", () => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: prepareScript("deploy", key), encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("holds user, key and helper unchanged", () => {
    const shown = prepareScript("deploy", key).replace(/\nmain\n$/, '\nprintf "%s\\n" "$user" "$key"; helper\n');
    const { stdout } = spawnSync("bash", ["-s"], { input: shown, encoding: "utf8" });
    expect(stdout).toBe(`deploy\n${key}\n${rootHelper}`);
    expect(rootHelper).toBe(readFileSync(join(import.meta.dirname, "../../../host/prepare/slipway-root"), "utf8"));
  });
});
