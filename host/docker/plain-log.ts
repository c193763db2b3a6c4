/** The engine puts eight bytes before each piece of a log: which stream it is of, and its length. */
export function plainLog(bytes: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 4);
    if ((bytes[at] ?? 3) > 2) return bytes.toString("utf8"); // a container with a terminal has no such heads
    pieces.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString("utf8");
}
