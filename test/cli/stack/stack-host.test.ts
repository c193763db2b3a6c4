import { describe, expect, it } from "vitest";
import type { Call } from "../../../cli/commands/command.ts";
import { stackHost } from "../../../cli/stack/stack-host.ts";
import { StubSsh } from "../../remote/stub-ssh.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh8Hi2wGRKnK3bWCRyUVKAJZQeiMZLh5yEFuOHaNRHm";
const host = { address: "${SERVER_HOST}", user: "deploy", hostKey };

/** A call for a stack with this configuration. */
function callOf(keys: Readonly<Record<string, object>>): Call {
  const programs = new StubSsh();
  const config = Object.entries(keys).map(([key, objectValue]) => [`shop:${key}`, { objectValue, secret: false }]);
  programs.write("Pulumi.yaml", "name: shop\n");
  programs.write("pulumi", `#!/bin/sh\necho '${JSON.stringify(Object.fromEntries(config))}'\n`);
  const environment = { ...programs.environment, SERVER_HOST: "192.0.2.10" };
  return { folder: programs.folder, stack: "staging", stacks: [], words: [], environment };
}

describe("the server of a stack", () => {
  it("is found in `host`, and by its name in `hosts`", async () => {
    const found = { address: "192.0.2.10", port: 22, user: "deploy", hostKey };
    expect(await stackHost(callOf({ host }))).toMatchObject(found);
    expect(await stackHost(callOf({ hosts: { main: host } }))).toMatchObject(found);
  });

  it("is none where the configuration names none", async () => {
    expect(await stackHost(callOf({}))).toBeUndefined();
  });

  it("rejects what is wrong with either key, and both beside each other", async () => {
    const call = callOf({ hosts: { main: { ...host, address: "${NO_SUCH_VARIABLE}" } } });
    await expect(stackHost(call)).rejects.toThrow("hosts.main.address: needs the variable NO_SUCH_VARIABLE");
    await expect(stackHost(callOf({ hosts: { main: { address: "a" } } }))).rejects.toThrow(
      "hosts.main.hostKey: is missing",
    );
    await expect(stackHost(callOf({ hosts: { ["__proto__"]: host } }))).rejects.toThrow(
      "hosts.__proto__: is a name that every object of JavaScript has, got '__proto__'; choose another one",
    );
    await expect(stackHost(callOf({ host, hosts: { main: host } }))).rejects.toThrow(
      "hosts: is set as well as host, which is short for hosts.main",
    );
  });
});
