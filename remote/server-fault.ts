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

/** A server that runs no program for the stack yet, since no run was there: nothing is known, and nothing is wrong. */
export class NoProgram extends Error {
  override readonly name = "NoProgram";
}

/** A server whose program is of another version of slipway, so that its answers cannot be read. */
export class OtherVersion extends Error {
  override readonly name = "OtherVersion";
}
