/** A version of the application that a build job made once and every environment can run. */
export interface Release {
  readonly version: string;
  /** `repository@sha256:…` by service. */
  readonly images: Readonly<Record<string, string>>;
  /** The proxy's image, if the release has one of its own. */
  readonly proxy?: string;
  readonly schema?: string;
  /** The values that were built into an image, by name. */
  readonly buildArguments?: Readonly<Record<string, string>>;
}

/** A reference by digest, which never moves: `repository@sha256:…`, with or without a tag before the `@`. */
export const digestReference = /^[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$/;
