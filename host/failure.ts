/** The end of a verb that cannot do its work: the phase, what is wrong and what to do, in one line. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly phase: string;
  /** Nothing that serves is well: somebody must look at once. */
  readonly critical: boolean;

  constructor(phase: string, message: string, options: ErrorOptions & { readonly critical?: boolean } = {}) {
    super(message, options);
    this.phase = phase;
    this.critical = options.critical === true;
  }
}

/** What to do where one end does not understand the other. */
export const sameVersion = "run slipway again with one version on both sides";

/** The code of an error of the system, such as ENOENT; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
