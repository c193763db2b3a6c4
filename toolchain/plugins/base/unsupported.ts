/** The error for a feature of the official plugin that this one lacks; it names the feature. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";

  constructor(owner: string, feature: string) {
    super(`${owner}: ${unsupported(feature)}`);
  }
}

/** The message for an unsupported feature, without the name of the resource. */
export function unsupported(feature: string): string {
  return `the offline plugin does not support "${feature}"; use the official plugin or leave it out`;
}
