/** The reason why a registry gives no image, in the words of a problem whose path the caller knows. */
export class RegistryFault extends Error {
  override readonly name = "RegistryFault";
  readonly what: string;
  readonly todo: string;

  constructor(what: string, todo: string) {
    super(`${what}; ${todo}`);
    this.what = what;
    this.todo = todo;
  }
}
