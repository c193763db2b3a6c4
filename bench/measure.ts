import type { TestServer } from "../test/hosts/servers.ts";

/** The duration of an action in seconds. */
export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

/** The median; for an even count the upper of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("the median needs at least one value");
  return middle;
}

/** Measures two actions alternately, so that other load on the machine affects both equally; returns their medians. */
export async function alternate(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<{ readonly one: number; readonly other: number }> {
  const seconds: { one: number[]; other: number[] } = { one: [], other: [] };
  for (let round = 0; round < rounds; round++) {
    seconds.one.push(await secondsOf(one));
    seconds.other.push(await secondsOf(other));
  }
  return { one: median(seconds.one), other: median(seconds.other) };
}

/** Formats a number with a fixed number of decimals. */
export function decimal(value: number, digits = 2): string {
  return value.toFixed(digits);
}

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
