import type { Buffer } from "node:buffer";

const magic = "openssh-key-v1\0";

/** The public half of a key in OpenSSH's own format, in the form of SSH; or the key's fault. */
export function readOpenssh(body: Buffer): Buffer | "encrypted" | "cut or damaged" {
  const reader = new Reader(body);
  if (reader.take(magic.length)?.toString("latin1") !== magic) return "cut or damaged";
  const cipher = reader.text()?.toString("latin1");
  if (cipher === undefined) return "cut or damaged";
  if (cipher !== "none") return "encrypted";
  // Name and options of the key derivation, count of keys, public half, private half: they fill the body to its end.
  const [name, options, count] = [reader.text(), reader.text(), reader.take(4)];
  const [publicHalf, privateHalf] = [reader.text(), reader.text()];
  if ([name, options, count, privateHalf].includes(undefined) || !reader.atEnd) return "cut or damaged";
  return publicHalf ?? "cut or damaged";
}

/** Reads the two elements of OpenSSH's format: bytes, and texts that begin with their length. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(count: number): Buffer | undefined {
    if (this.#at + count > this.#bytes.length) return undefined;
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  text(): Buffer | undefined {
    const length = this.take(4);
    return length === undefined ? undefined : this.take(length.readUInt32BE());
  }
}
