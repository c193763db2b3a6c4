/** Encodes DER as PEM, with a final newline as Go's encoder writes it. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Decodes the first PEM block with a label. */
export function fromPem(label: string, pem: string): Buffer {
  const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(pem);
  if (block?.[1] === undefined) throw new Error(`no PEM block "${label}" found`);
  return Buffer.from(block[1], "base64");
}
