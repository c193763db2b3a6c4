import { describe, expect, it } from "vitest";
import { connect } from "../../remote/connect.ts";
import { answers, connectionTo, StubSsh } from "./stub-ssh.ts";

/** A script that counts its attempts and fails the first ones. */
const failing = (count: number, how: string): string =>
  `echo try >>"$folder/tries"\nif [ "$(wc -l <"$folder/tries")" -le ${count} ]; then ${how}; fi\n${answers}`;

const refused = "echo 'ssh: connect to host 192.0.2.1 port 22: Connection refused' >&2; exit 255";
const throttled = "echo 'kex_exchange_identification: Connection closed by remote host' >&2; exit 255";

function connectTo(ssh: StubSsh) {
  const { environment } = ssh;
  return connect({
    connection: connectionTo("deploy"),
    stack: "shop/test",
    environment,
    say: () => undefined,
    pauses: [0, 0],
  });
}

describe("the first connection to a server", () => {
  it.each([
    ["refuses connections (F4)", refused],
    ["has too many connections at once (F22)", throttled],
  ])("is tried again, at most three times, where it %s", async (_, how) => {
    const ssh = new StubSsh(failing(2, how));
    await (await connectTo(ssh)).close();
    expect(ssh.lines("tries")).toHaveLength(3);
    const silent = new StubSsh(failing(3, how));
    await expect(connectTo(silent)).rejects.toThrow(/Connection (refused|closed)/);
    expect(silent.lines("tries")).toHaveLength(3);
  });

  it("rejects at once what another attempt cannot mend", async () => {
    const ssh = new StubSsh(failing(1, "echo 'Host key verification failed.' >&2; exit 255"));
    await expect(connectTo(ssh)).rejects.toThrow("instead of `host.hostKey`");
    expect(ssh.lines("tries")).toHaveLength(1);
  });
});
