const powers = ["", "k", "m", "g", "t", "p"];

/** The bytes of a size as compose files have it, such as `512m`, `1.5gb` or `1024`; not a number for anything else. */
export function bytesOf(text: string): number {
  const [, amount = "", unit = ""] = /^([0-9.]+) ?([kmgtp]?)i?b?$/i.exec(text.trim()) ?? [];
  return amount === "" ? NaN : Number(amount) * 1024 ** powers.indexOf(unit.toLowerCase());
}

/** A number of bytes, as text for people. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MB`;
}

/** What has been transferred, such as `45.5 of 45.7 MB`. Docker and registries count in powers of ten. */
export function transferText(moved: number, size: number): string {
  const [part, whole] = [moved, size].map((bytes) => (bytes / 1_000_000).toFixed(1));
  return `${part} of ${whole} MB`;
}
