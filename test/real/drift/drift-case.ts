export const place = "/var/www/aaperture-staging";
export const project = "aaperture-staging";
export const claim = "/var/lib/slipway/claims/aaperture@staging.json";

/** A change that a person makes on the server by hand, and the difference that an observation reports. */
export interface DriftCase {
  readonly what: string;
  readonly act: string;
  /** Object of the document that is repaired. */
  readonly object: string;
  readonly where: string;
  readonly expected: string | RegExp;
  readonly found: string | RegExp;
}
