import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServerFault } from "../../remote/server-fault.ts";
import { hostKeysIn, requireThisMachine } from "../../remote/this-machine.ts";

const own = { via: "local", host: "192.0.2.1", user: "deploy", hostKey: "ssh-ed25519 AAAA" } as const;

function refusal(machine: Parameters<typeof requireThisMachine>[1]): string {
  try {
    requireThisMachine(own, machine);
    return "";
  } catch (error) {
    if (!(error instanceof ServerFault)) throw error;
    return `${error.message}; ${error.todo}`;
  }
}

describe("slipway on the server itself (E14)", () => {
  it("is recognised by a host key of the machine, and by the user", () => {
    expect(refusal({ user: "deploy", hostKeys: ["ecdsa-sha2-nistp256 BBBB", "ssh-ed25519 AAAA"] })).toBe("");
  });

  it("refuses every other machine", () => {
    const todo = "run slipway on the server itself, or remove `connection: local` and use SSH";
    expect(refusal({ user: "deploy", hostKeys: ["ssh-ed25519 CCCC"] })).toMatch(
      /^it is not the server: `hostKey` is SHA256:\S+, and its host keys are SHA256:\S+; /,
    );
    expect(refusal({ user: "deploy", hostKeys: [] })).toBe(
      `it has no host key in /etc/ssh, so nothing tells whether it is the server; ${todo}`,
    );
  });

  it("refuses every other user", () => {
    expect(refusal({ user: "root", hostKeys: ["ssh-ed25519 AAAA"] })).toBe(
      "slipway runs as 'root'; run it as 'deploy', or correct `user`",
    );
  });
});

describe("the host keys of a machine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-keys-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are the public ones of its SSH server, without comments", () => {
    writeFileSync(join(folder, "ssh_host_ed25519_key.pub"), "ssh-ed25519 AAAA root@server\n");
    writeFileSync(join(folder, "ssh_host_ed25519_key"), "secret");
    writeFileSync(join(folder, "sshd_config"), "Port 22\n");
    expect(hostKeysIn(folder)).toEqual(["ssh-ed25519 AAAA"]);
    expect(hostKeysIn(join(folder, "none"))).toEqual([]);
  });
});
