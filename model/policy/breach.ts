/** A breach of a rule, and the way out. */
export interface Breach {
  readonly what: string;
  readonly todo: string;
}
