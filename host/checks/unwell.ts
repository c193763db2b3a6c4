import type { Container } from "../docker/container.ts";

/** A release that a check found not to be well; names the part, the reason and, for a container, which one. */
export class Unwell extends Error {
  override readonly name = "Unwell";
  readonly container: Container | undefined;

  constructor(what: string, container?: Container) {
    super(what);
    this.container = container;
  }
}
