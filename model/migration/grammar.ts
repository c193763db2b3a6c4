import type { RawStmt } from "libpg-query";

/** A word, a sign or a comment; its ends count bytes. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

/** A statement of a block of PL/pgSQL, or the text that it runs. */
export interface BlockStatement {
  /** The line within the block, from 1. */
  readonly line: number;
  readonly sql: string;
  /** `dynamic` is an expression whose value is run, and `expression` one that is only computed. */
  readonly kind: "statement" | "dynamic" | "expression";
}

/** Postgres' own grammar. Each function throws a SyntaxFault for text that is not SQL. */
export interface Grammar {
  statements(sql: string): readonly RawStmt[];
  tokens(sql: string): readonly Token[];
  /** The statements of a DO statement in PL/pgSQL, wherever they stand in it. */
  block(statement: string): readonly BlockStatement[];
}

/** Where a fault is: the number of characters before it, or its line. */
interface FaultPlace {
  readonly position?: number;
  readonly line?: number;
}

/** What Postgres says about a text that is no SQL. */
export class SyntaxFault extends Error {
  readonly place: FaultPlace;

  constructor(message: string, place: FaultPlace) {
    super(message);
    this.place = place;
  }
}
