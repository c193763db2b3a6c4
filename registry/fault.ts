/** Words of others, such as a platform's name, are cut at this length. */
const longestWords = 400;

/** The reason why a registry gives no image, in the words of a problem whose path the caller knows. */
export class RegistryFault extends Error {
  override readonly name = "RegistryFault";
  readonly what: string;
  readonly todo: string;

  constructor(what: string, todo: string) {
    const told = what.length > longestWords ? `${what.slice(0, longestWords)}…` : what;
    super(`${told}; ${todo}`);
    this.what = told;
    this.todo = todo;
  }
}
