import { describe, expect, test } from "vitest";
import { sshReason } from "../../remote/ssh.ts";

describe("the reason why ssh ended", () => {
  test("is another host key, without ssh's advice to forget the pinned one", () => {
    const said = [
      "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
      '  ssh-keygen -f "KnownHostsCommand-HOSTNAME" -R "192.0.2.1"',
      "Host key verification failed.",
    ];
    expect(sshReason(said, "deploy")).toBe(
      "it shows another key than `host.hostKey`; " +
        "compare that with /etc/ssh/ssh_host_ed25519_key.pub on the server itself before you change it",
    );
  });

  test("is a refused key, with the name of the user", () => {
    expect(sshReason(["deploy@192.0.2.1: Permission denied (publickey,password)."], "deploy")).toBe(
      "it refuses the keys of user 'deploy'; " +
        "load the right one into the ssh agent, or give it to `slipway up` as SSH_PRIVATE_KEY",
    );
  });

  test("is otherwise the end of the output, or unknown", () => {
    expect(sshReason(["1", "2", "3", "4", "5", "6"], "deploy")).toBe("2\n3\n4\n5\n6");
    expect(sshReason([], "deploy")).toBeUndefined();
  });
});
