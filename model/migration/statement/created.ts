import type { RangeVar } from "libpg-query";

/** A column that these migrations add to a table which is there already. */
export interface NewColumn {
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** False for one that is only added where it is missing. */
  readonly isCertain: boolean;
}

/** The kinds of objects that have names of their own; relations are tables, views, sequences and indexes. */
export type Kind = "relation" | "schema" | "type" | "function" | "other";

/** The schema of what one session alone sees. Names without a schema are looked up in it first. */
const temporary = "pg_temp";

/**
 * What the migrations of one check have created so far, in their order. The running version knows none of it, so it may
 * be changed in any way. What is created only where it is missing is likely new: one may add to it, and not remove.
 */
export class Created {
  /** Whether what follows is run only under a condition. */
  isConditional = false;
  readonly #certain = new Set<string>();
  readonly #likely = new Set<string>();
  readonly #columns = new Map<string, NewColumn>();
  /** The schema of names without one. */
  #schema = "public";

  set searchPath(schemas: readonly string[]) {
    this.#schema = schemas.find((schema) => schema !== "$user" && schema !== "") ?? "public";
  }

  add(kind: Kind, parts: readonly string[], onlyIfMissing = false): void {
    const key = this.#key(kind, parts);
    this.#likely.add(key);
    if (!onlyIfMissing && !this.isConditional) this.#certain.add(key);
  }

  remove(kind: Kind, parts: readonly string[]): void {
    for (const names of [this.#certain, this.#likely]) names.delete(this.#key(kind, parts));
  }

  /** Tells whether it, or the schema that it is in, is new. */
  has(kind: Kind, parts: readonly string[]): boolean {
    if (this.#certain.has(this.#key(kind, parts))) return true;
    return kind !== "schema" && parts.length > 1 && this.#certain.has(this.#key("schema", parts.slice(0, 1)));
  }

  /** Tells whether it is new, or is created where it is missing. */
  hasLikely(kind: Kind, parts: readonly string[]): boolean {
    return this.has(kind, parts) || this.#likely.has(this.#key(kind, parts));
  }

  addRelation(relation: RangeVar, onlyIfMissing = false): void {
    const { relname = "" } = relation;
    if (relation.relpersistence === "t") this.#certain.add(this.#key("relation", [temporary, relname]));
    else this.add("relation", partsOf(relation), onlyIfMissing);
  }

  hasRelation(relation: RangeVar): boolean {
    return this.has("relation", partsOf(relation));
  }

  hasLikelyRelation(relation: RangeVar): boolean {
    return this.hasLikely("relation", partsOf(relation));
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
    if (kind === "schema" || kind === "other" || parts.length > 1) return JSON.stringify([kind, ...parts]);
    const own = JSON.stringify([kind, temporary, ...parts]);
    return this.#certain.has(own) ? own : JSON.stringify([kind, this.#schema, ...parts]);
  }
}

function partsOf({ schemaname, relname = "" }: RangeVar): string[] {
  return schemaname === undefined ? [relname] : [schemaname, relname];
}
