import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sshpk from "sshpk";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { runSlipway } from "../../../cli/commands/commands.ts";
import { openObservingKeys, openStackKeys } from "../../../cli/ssh/stack-keys.ts";
import { hostKey } from "../../remote/stub-ssh.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-stack-keys-"));
const bin = join(folder, "bin");
const environment = { PATH: `${bin}:/usr/bin:/bin`, HOME: "/nonexistent" };

beforeAll(() => {
  const host = `address: 192.0.2.1, user: deploy, hostKey: ${hostKey}`;
  const text = (connection: string): string =>
    `config:\n  shop:host: { ${connection}${host} }\n  shop:directory: /srv/shop\n  shop:project: shop\n`;
  mkdirSync(bin);
  // A server that refuses every login, and the words of each attempt.
  const refusing = `printf '%s\\n' "$*" >>${folder}/attempts\necho 'x: Permission denied (publickey).' >&2\nexit 255\n`;
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\n${refusing}`);
  chmodSync(join(bin, "ssh"), 0o755);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(folder, "compose.yaml"), "services: { web: { image: nginx } }\n");
  writeFileSync(join(folder, "Pulumi.here.yaml"), text("connection: local, "));
  writeFileSync(join(folder, "Pulumi.away.yaml"), text(""));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

describe("the key for the servers of stacks", () => {
  const call = { folder, stack: undefined, stacks: [], words: [], environment };
  const none = "SSH_PRIVATE_KEY: is not set, and there is no ssh-agent";

  it("is not needed where they are this machine, to change or to observe (E14)", async () => {
    for (const open of [openStackKeys, openObservingKeys])
      expect((await open(call, ["here"])).environment).toEqual(environment);
  });

  it("is asked for as soon as one of them is another machine", async () => {
    await expect(openStackKeys(call, ["away"])).rejects.toThrow(none);
    await expect(openObservingKeys(call, ["here", "away"])).rejects.toThrow(none);
  });

  it.each([
    ["status", "slipway-observe"],
    ["releases", "slipway-observe"],
    ["switch-back", "deploy"],
    ["resume", "deploy"],
    ["rollback", "deploy"],
  ])("is for %s that of the user %s, if a job has both (SEC-A6)", async (name, user) => {
    const [opens, observes] = ["", ""].map(() => sshpk.generatePrivateKey("ed25519").toString("openssh"));
    vi.stubEnv("PATH", environment.PATH);
    vi.stubEnv("SSH_PRIVATE_KEY", opens);
    vi.stubEnv("SSH_OBSERVE_KEY", observes);
    writeFileSync(join(folder, "attempts"), "");
    await runSlipway(["-C", folder, name, "--stack", "away"], () => undefined).catch(() => undefined);
    expect(readFileSync(join(folder, "attempts"), "utf8")).toMatch(
      new RegExp(`^[^\\n]* -l ${user} -- 192\\.0\\.2\\.1 `),
    );
  });
});
