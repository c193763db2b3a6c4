/** What slipway said, without the lines about what it waited for: those depend on how busy the machine is. */
export function withoutWaits(said: string): string {
  return said
    .replaceAll(/(?:\r\x1b\[Kslipway: [^\r\n]*)+\r\x1b\[K/g, "") // on a terminal
    .replaceAll(/^slipway: [^\n]*, \d+ s\n/gm, "");
}
