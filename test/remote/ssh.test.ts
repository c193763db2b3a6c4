import { describe, expect, test } from "vitest";
import { sshConnection } from "../../model/connection.ts";
import { NoAnswer, NoProgram, ServerFault } from "../../remote/server-fault.ts";
import { sshCommand, sshReason } from "../../remote/ssh.ts";
import { connectionTo } from "./stub-ssh.ts";

test("a host is no option of ssh, whatever it is called (SEC-C1)", () => {
  const connection = sshConnection({
    address: "-oProxyCommand=id",
    port: 22,
    user: "deploy",
    hostKey: "ssh-ed25519 A",
  });
  expect(sshCommand(connection, "true").slice(-3)).toEqual(["--", "-oProxyCommand=id", "true"]);
});

/** The reason for an ssh that ended with these lines on stderr. */
function reason(said: readonly string[], code = 255, user = "deploy"): ReturnType<typeof sshReason> {
  return sshReason({ code, signal: undefined, said }, connectionTo(user));
}

/** The reason and the way out of a server that answered. */
function fault(said: readonly string[], code = 255, user = "deploy"): string {
  const found = reason(said, code, user);
  expect(found).toBeInstanceOf(ServerFault);
  return found instanceof ServerFault ? `${found.message}; ${found.todo}` : "";
}

const compare = "compare that with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the server itself";
const pinned = "`host.hostKey`, which is SHA256:MynMnO8A8pN5J12QSJxVB1gvK3Ef45LVDR4kFXQ8Odc";

describe("the reason why ssh ended", () => {
  test("is another host key, with both fingerprints and without ssh's advice to forget the pinned one (F5)", () => {
    const said = [
      "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
      "The fingerprint for the ED25519 key sent by the remote host is",
      "SHA256:T5HRBAwCs2gjRwsTNSBAoRMbKxwGIbXcGbxWqWTkkNk.",
      '  ssh-keygen -f "KnownHostsCommand-HOSTNAME" -R "192.0.2.1"',
      "Host key verification failed.",
    ];
    expect(fault(said)).toBe(
      `it shows the host key SHA256:T5HRBAwCs2gjRwsTNSBAoRMbKxwGIbXcGbxWqWTkkNk instead of ${pinned}; ` +
        `${compare} before you change the configuration`,
    );
  });

  test("is a refused key, with the name of the user", () => {
    expect(fault(["deploy@192.0.2.1: Permission denied (publickey,password)."])).toBe(
      "it refuses the keys of user 'deploy'; " +
        "load the right one into the ssh agent or SSH_PRIVATE_KEY, or authorise this one with `slipway host prepare`",
    );
  });

  test.each([
    "sudo: a password is required",
    "Sorry, user deploy may not run sudo on server-1.",
    "Sorry, user deploy is not allowed to execute '/usr/local/sbin/slipway-root' as root on server-1.",
  ])("is sudo, with the line of sudoers that is missing (F10): %s", (line) => {
    expect(fault([line], 1)).toBe(
      "sudo does not let 'deploy' run slipway-root without a password; " +
        "run what `slipway host prepare` prints on the server, as root, or add this line to " +
        "/etc/sudoers.d/slipway-deploy: deploy ALL=(root) NOPASSWD: /usr/local/sbin/slipway-root",
    );
  });

  test.each(["sudo: /usr/local/sbin/slipway-root: command not found", "slipway-root: wants attend <stack> <bytes>"])(
    "is a slipway-root that is missing or of another version: %s",
    (line) => {
      expect(fault([line], 64)).toBe(
        "it has no slipway-root of this version; run what `slipway host prepare` prints on the server, as root",
      );
    },
  );

  test("is otherwise the end of the output of a command that failed", () => {
    expect(fault(["1", "2"], 3)).toContain("its command for slipway ended with code 3 and said '1\n2'");
  });

  test.each([
    ["ssh: connect to host 192.0.2.1 port 22: Connection refused"],
    ["kex_exchange_identification: Connection closed by remote host"],
    ["ssh: Could not resolve hostname server.test: Name or service not known"],
  ])("is that there was no answer: %s (F4, F22)", (line) => {
    expect(reason([line])).toBeInstanceOf(NoAnswer);
    expect(reason([line]).message).toBe(line);
  });

  test("is that there was no answer where ssh is silent, or was ended after a deadline", () => {
    expect(reason([]).message).toBe("ssh ended without output (exit code 255)");
    const late = sshReason({ code: undefined, signal: "SIGKILL", said: [] }, connectionTo("deploy"));
    expect(late).toBeInstanceOf(NoAnswer);
    expect(late.message).toBe("ssh ended without output (SIGKILL)");
  });

  test("is that nothing is known of the stack there yet", () => {
    const said = ["slipway: no session of shop/test was on this server yet; run `slipway up` or `pulumi up`"];
    const found = reason(said, 64, "slipway-observe");
    expect(found).toBeInstanceOf(NoProgram);
    expect(found.message).toBe("no session of shop/test was on this server yet");
  });

  test("of a key that only observes never advises to make its user root (SEC-A6)", () => {
    expect(fault(["x: Permission denied (publickey)."], 255, "slipway-observe")).toBe(
      "it refuses the keys of user 'slipway-observe'; give the right one in SSH_OBSERVE_KEY, " +
        "or authorise this one with `slipway host prepare --observe-key`",
    );
    expect(fault(["sudo: a password is required"], 1, "slipway-observe")).toBe(
      "sudo does not let 'slipway-observe' run slipway-root without a password; " +
        "run what `slipway host prepare` prints on the server, as root",
    );
  });
});
