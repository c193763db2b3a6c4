import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../config/load.ts";

const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"x".repeat(43)}`;

function configure(host: object): void {
  pulumi.runtime.setAllConfig({ "aaperture:host": JSON.stringify(host) });
}

describe("the loader", () => {
  beforeEach(async () => {
    await pulumi.runtime.setMocks(
      { newResource: ({ inputs }) => ({ id: "", state: inputs as object }), call: () => ({}) },
      "aaperture",
      "staging",
    );
  });

  it("reads the stack's host with the address from SERVER_HOST (A7)", () => {
    configure({ address: "${SERVER_HOST}", user: "deploy", hostKey });
    const { host } = loadConfig({ SERVER_HOST: "192.0.2.10" });
    expect(host).toEqual({ address: "192.0.2.10", user: "deploy", hostKey, port: 22 });
  });

  it("rejects everything that is wrong at once, sorted by path", () => {
    configure({ address: "${SERVER_HOST}", user: "Deploy", port: 0 });
    expect(() => loadConfig({})).toThrow(
      [
        "the configuration has problems:",
        "  - host.address: needs the variable SERVER_HOST, which is not set; set SERVER_HOST in the environment, or in the CI's variables of this environment",
        "  - host.hostKey: is missing; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub, or compare what `ssh-keyscan` prints with the server's own over another way",
        "  - host.port: is not a port, got 0; use 1 to 65535",
        "  - host.user: is not a Linux user name, got 'Deploy'; use small letters, digits, '_' and '-', such as deploy",
      ].join("\n"),
    );
  });
});
