import { describe, expect, it } from "vitest";
import { problemsOf } from "../../config/problems.ts";
import { environmentSchema } from "../../config/schema.ts";
import { describeProblem } from "../../model/problem.ts";

const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"x".repeat(43)}`;
const host = { address: "192.0.2.10", user: "deploy", hostKey };

function messages(input: unknown): string[] {
  const parsed = environmentSchema.safeParse(input);
  return parsed.success ? [] : problemsOf(parsed.error, input).map(describeProblem);
}

describe("the schema", () => {
  it("takes a host and fills in port 22", () => {
    expect(environmentSchema.parse({ host })).toEqual({ host: { ...host, port: 22 } });
  });

  it("takes keys of the four algorithms that sshd makes", () => {
    for (const algorithm of ["ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"]) {
      expect(messages({ host: { ...host, hostKey: hostKey.replace("ssh-ed25519", algorithm) } })).toEqual([]);
    }
  });

  it("rejects a host without a host key and says how to get one (F6)", () => {
    expect(messages({ host: { address: "192.0.2.10", user: "deploy" } })).toEqual([
      "host.hostKey: is missing; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub, or compare what `ssh-keyscan` prints with the server's own over another way",
    ]);
  });

  it.each([
    [
      "a key without its algorithm",
      { hostKey: "AAAA" },
      "host.hostKey: is not a host key of the form 'ssh-ed25519 AAAA…', got 'AAAA'; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub",
    ],
    [
      "a key with a line break",
      { hostKey: `${hostKey}\n` },
      `host.hostKey: is not a host key of the form 'ssh-ed25519 AAAA…', got '${hostKey}\n'; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub`,
    ],
    ["a port above 65535", { port: 70000 }, "host.port: is not a port, got 70000; use 1 to 65535"],
    ["a port of text", { port: "22" }, "host.port: is not of type number, got '22'; correct the value"],
    [
      "a user with a space",
      { user: "de ploy" },
      "host.user: is not a Linux user name, got 'de ploy'; use small letters, digits, '_' and '-', such as deploy",
    ],
    ["an empty address", { address: "" }, "host.address: is empty, got ''; write the server's name or IP address"],
    [
      "an unknown key",
      { adress: "x" },
      "host.adress: is not a key that slipway knows; remove it or correct its spelling",
    ],
  ])("rejects %s", (_, change, message) => {
    expect(messages({ host: { ...host, ...change } })).toEqual([message]);
  });
});
