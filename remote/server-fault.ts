/** The reason why a server that answers cannot be used, and the way out. */
export class ServerFault extends Error {
  override readonly name = "ServerFault";
  readonly todo: string;

  constructor(what: string, todo: string) {
    super(what);
    this.todo = todo;
  }
}

/** A server that gave no answer. Another attempt may succeed, and a preview can do without it. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}
