import type { RangeVar } from "libpg-query";

/** A column that these migrations add to a table which is there already. */
export interface NewColumn {
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

/** The kinds of objects that have names of their own; relations are tables, views, sequences and indexes. */
export type Kind = "relation" | "schema" | "type" | "function" | "other";

/**
 * What the migrations of one check have created so far, in their order. The running version knows none of it, so it may
 * be changed in any way.
 */
export class Created {
  readonly #names = new Set<string>();
  readonly #columns = new Map<string, NewColumn>();
  /** The schema of names without one. */
  #schema = "public";

  set searchPath(schemas: readonly string[]) {
    this.#schema = schemas.find((schema) => schema !== "$user" && schema !== "") ?? "public";
  }

  add(kind: Kind, parts: readonly string[]): void {
    this.#names.add(this.#key(kind, parts));
  }

  remove(kind: Kind, parts: readonly string[]): void {
    this.#names.delete(this.#key(kind, parts));
  }

  /** Tells whether it, or the schema that it is in, is new. */
  has(kind: Kind, parts: readonly string[]): boolean {
    if (this.#names.has(this.#key(kind, parts))) return true;
    return kind !== "schema" && parts.length > 1 && this.#names.has(this.#key("schema", parts.slice(0, 1)));
  }

  addRelation(relation: RangeVar): void {
    this.add("relation", partsOf(relation));
  }

  hasRelation(relation: RangeVar): boolean {
    // What is temporary is seen by one session alone.
    return relation.relpersistence === "t" || this.has("relation", partsOf(relation));
  }

  setColumn(relation: RangeVar, column: string, state: NewColumn): void {
    this.#columns.set(this.#columnKey(relation, column), state);
  }

  removeColumn(relation: RangeVar, column: string): void {
    this.#columns.delete(this.#columnKey(relation, column));
  }

  /** A new column of a table that is there already; undefined for a column that is not new. */
  column(relation: RangeVar, column: string): NewColumn | undefined {
    return this.#columns.get(this.#columnKey(relation, column));
  }

  #columnKey(relation: RangeVar, column: string): string {
    return JSON.stringify([this.#key("relation", partsOf(relation)), column]);
  }

  #key(kind: Kind, parts: readonly string[]): string {
    const isWhole = kind === "schema" || kind === "other" || parts.length > 1;
    return JSON.stringify([kind, ...(isWhole ? parts : [this.#schema, ...parts])]);
  }
}

function partsOf({ schemaname, relname = "" }: RangeVar): string[] {
  return schemaname === undefined ? [relname] : [schemaname, relname];
}
