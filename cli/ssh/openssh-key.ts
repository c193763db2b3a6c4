/** What is wrong with the body of a private key in OpenSSH's own format; undefined where nothing is. */
export function opensshFault(body: Buffer): "encrypted" | "cut or damaged" | undefined {
  const reader = new Reader(body);
  if (reader.take(magic.length)?.toString("latin1") !== magic) return "cut or damaged";
  const cipher = reader.text()?.toString("latin1");
  if (cipher === undefined) return "cut or damaged";
  if (cipher !== "none") return "encrypted";
  // Name and options of the key derivation, how many keys, the public half, the private half: they fill the body to its end.
  const parts = [reader.text(), reader.text(), reader.take(4), reader.text(), reader.text()];
  return parts.includes(undefined) || !reader.atEnd ? "cut or damaged" : undefined;
}

const magic = "openssh-key-v1\0";

/** Reads what the format is made of: bytes, and texts that begin with their length. */
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
