/** What the build job made once, and what every environment then runs. */
export interface Release {
  readonly version: string;
  /** By service: `repository@sha256:…`. */
  readonly images: Readonly<Record<string, string>>;
  /** The proxy's image, where the release brings its own. */
  readonly proxy?: string;
  readonly schema?: string;
  /** What was baked into an image at build time, by name. */
  readonly buildArguments?: Readonly<Record<string, string>>;
}

/** A reference that names bytes, not a tag that moves: `repository@sha256:…`, where a tag may stand before the `@`. */
export const digestReference = /^[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$/;
