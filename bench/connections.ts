import type { TestServer } from "../test/hosts/servers.ts";

const rule = ["INPUT", "--protocol", "tcp", "--dport", "22", "--syn"];

/** Counts the connections that sshd gets while something happens, by a rule of the server's own firewall. */
export async function connectionsDuring(server: TestServer, act: () => Promise<unknown>): Promise<number> {
  await server.exec(["iptables", "--insert", ...rule]);
  try {
    await act();
    const { stdout } = await server.exec(["iptables", "--list-rules", "INPUT", "--verbose"]);
    const counted = /--dport 22 .*-c (\d+) /.exec(stdout)?.[1];
    if (counted === undefined) throw new Error(`the firewall counts nothing\n${stdout}`);
    return Number(counted);
  } finally {
    await server.exec(["iptables", "--delete", ...rule]);
  }
}
