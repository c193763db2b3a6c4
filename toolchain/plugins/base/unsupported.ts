/** Says by name what the official plugin does and this one does not; nothing is dropped silently. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";

  constructor(owner: string, feature: string) {
    super(`${owner}: ${unsupported(feature)}`);
  }
}

/** The sentence of a refusal, without the resource it belongs to. */
export function unsupported(feature: string): string {
  return `the offline plugin does not support "${feature}"; use the official plugin or leave it out`;
}
