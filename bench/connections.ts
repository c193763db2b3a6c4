import type { TestServer } from "../test/hosts/servers.ts";

/** The rule matches each new connection to sshd, and has no action. */
const rule = ["INPUT", "--protocol", "tcp", "--dport", "22", "--syn"];

/** Counts the connections to sshd during an action, with a rule of the server's firewall. */
export async function connectionsDuring(server: TestServer, act: () => Promise<unknown>): Promise<number> {
  await server.exec(["iptables", "--insert", ...rule]);
  try {
    await act();
    const { stdout } = await server.exec(["iptables", "--list-rules", "INPUT", "--verbose"]);
    const counted = /--dport 22 .*-c (\d+) /.exec(stdout)?.[1];
    if (counted === undefined) throw new Error(`the firewall lists no counter\n${stdout}`);
    return Number(counted);
  } finally {
    await server.exec(["iptables", "--delete", ...rule]);
  }
}
