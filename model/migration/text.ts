const newline = 10;

/** A text whose positions count bytes, as the grammar counts. */
export class SqlText {
  readonly #bytes: Uint8Array;
  /** The positions of all ends of lines. */
  readonly #ends: readonly number[];

  constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text);
    this.#ends = [...this.#bytes.entries()].filter(([, byte]) => byte === newline).map(([index]) => index);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The line of a position, from 1. */
  lineAt(position: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }

  slice(start: number, end?: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(start, end));
  }

  /** The text with spaces in the place of some parts; all positions and lines stay. */
  without(parts: readonly { readonly start: number; readonly end: number }[]): string {
    const bytes = Uint8Array.from(this.#bytes);
    for (const { start, end } of parts)
      for (let index = start; index < end; index++) if (bytes[index] !== newline) bytes[index] = 32;
    return new TextDecoder().decode(bytes);
  }
}
