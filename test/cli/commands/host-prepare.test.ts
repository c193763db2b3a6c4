import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runSlipway } from "../../../cli/commands/commands.ts";
import { prepareScript } from "../../../cli/commands/host-prepare.ts";
import { slipwayRoot } from "../../../remote/slipway-root.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-prepare-"));
afterAll(() => rmSync(folder, { recursive: true }));

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIArkvC5RnH6sYOQFuguZiNrvOfW4BzXvv817U4aID67R it's mine";

describe("host prepare", () => {
  test.each([
    [["--key", "nonsense"], "--key: is neither a public key nor the file of one"],
    [["--key", `${key}\n${key}`], "--key: is neither a public key nor the file of one"],
    [["--user", "Ship", "--key", key], "--user: is not a Linux user name that slipway can use, got 'Ship'"],
    [["--user", "a;b", "--key", key], "--user: is not a Linux user name that slipway can use, got 'a;b'"],
    [["--user", "slipway-observe", "--key", key], "--user: is not a Linux user name that slipway can use"],
    [["--key", key, "--observe-key", "nonsense"], "--observe-key: is neither a public key nor the file of one"],
    [
      ["--key", key, "--observe-key", `${key} too`],
      "--observe-key: is the key of deployments; make one that only previews",
    ],
    [
      ["--force"],
      "--force: is not an option of `slipway host prepare`; use one of --user, --key, --local, --observe-key",
    ],
    [
      ["--key", key, "--local"],
      "--key: is for deployments over SSH, and --local says that there are none; leave one out",
    ],
    [["now"], "slipway host prepare: takes no such argument, got 'now'; see `slipway help host prepare`"],
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

const words = { user: "deploy", key, observeKey: `${key} of previews` };

describe("the script that host prepare prints", () => {
  test("is valid for a POSIX shell", () => {
    const { status, stderr } = spawnSync("sh", ["-n"], { input: prepareScript(words), encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("holds user, keys and slipway-root unchanged", () => {
    const values = '"$user" "$key" "$observe_key"';
    const shown = prepareScript(words).replace(/\nmain\n$/, `\nprintf "%s\\n" ${values}; helper\n`);
    const { stdout } = spawnSync("sh", ["-s"], { input: shown, encoding: "utf8" });
    expect(stdout).toBe(`deploy\n${key}\n${key} of previews\n${slipwayRoot}`);
    expect(slipwayRoot).toBe(readFileSync(join(import.meta.dirname, "../../../host/prepare/slipway-root"), "utf8"));
  });
});
