import type { TestServer } from "../test/hosts/servers.ts";

/** The SSH traffic of an action, as the server's firewall counts it. */
export interface Traffic {
  readonly connections: number;
  /** Received by the server. */
  readonly kilobytes: number;
}

/** Rules without an action: the first counts new connections, the second all packets to sshd. */
const rules = [
  ["INPUT", "--protocol", "tcp", "--dport", "22", "--syn"],
  ["INPUT", "--protocol", "tcp", "--dport", "22"],
];

export async function trafficDuring(server: TestServer, act: () => Promise<unknown>): Promise<Traffic> {
  for (const rule of rules) await server.exec(["iptables", "--insert", ...rule]);
  try {
    await act();
    const { stdout } = await server.exec(["iptables", "--list-rules", "INPUT", "--verbose"]);
    const counted = [...stdout.matchAll(/--dport 22 (.*)-c (\d+) (\d+)/g)];
    const [syn, all] = [true, false].map((isSyn) => counted.find(([, flags = ""]) => flags.includes("SYN") === isSyn));
    if (syn === undefined || all === undefined) throw new Error(`the firewall lists no counters\n${stdout}`);
    return { connections: Number(syn[2]), kilobytes: Math.round(Number(all[3]) / 1000) };
  } finally {
    for (const rule of rules) await server.exec(["iptables", "--delete", ...rule]);
  }
}
