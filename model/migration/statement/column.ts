import type { ColumnDef, Constraint, Node, RangeVar } from "libpg-query";
import { callsOf } from "./calls.ts";
import { relationText, textsOf } from "./name.ts";
import type { Found, Scope } from "./scope.ts";

/** Functions whose value is the same for all rows of a statement, so that a new column's default writes no row. */
const stable = new Set([
  ...["now", "transaction_timestamp", "statement_timestamp", "timezone", "date_trunc", "to_timestamp", "make_interval"],
  ...["make_date", "current_setting", "lower", "upper", "md5", "encode", "decode", "array_fill", "to_tsvector"],
  ...["jsonb_build_object", "jsonb_build_array", "json_build_object", "json_build_array", "to_jsonb", "to_json"],
  ...["int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange", "empty_blob", "point", "hstore"],
]);

/** Types that are an integer with a sequence. */
const serials = new Set(["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"]);

/** A column's definition, as far as it matters to inserts that leave the column out. */
interface ColumnFacts {
  readonly name: string;
  readonly isRequired: boolean;
  readonly default: Node | undefined;
  /** Postgres numbers the rows itself. */
  readonly isNumbered: boolean;
  readonly isGenerated: "stored" | "virtual" | undefined;
  readonly constraints: readonly Constraint[];
}

/** Judges a column that is added to a table which is there already, and remembers that it is new. */
export function judgeNewColumn(
  relation: RangeVar,
  definition: ColumnDef,
  { created }: Scope,
  onlyIfMissing = false,
): Found[] {
  const facts = factsOf(definition);
  const hasDefault = facts.default !== undefined || facts.isNumbered || facts.isGenerated !== undefined;
  created.setColumn(relation, facts.name, {
    ...{ isNullable: !facts.isRequired, hasDefault },
    isCertain: !onlyIfMissing && !created.isConditional,
  });
  for (const name of ownNames(relation, facts)) created.add("other", ["constraint", relationText(relation), name]);
  const column = `column '${relationText(relation)}.${facts.name}'`;
  return [
    ...(facts.isRequired && !hasDefault
      ? [{ rule: "required-column" as const, what: `${column} must be given in every insert` }]
      : []),
    ...rewrites(facts).map((why): Found => ({ rule: "table-lock", what: `${column} ${why}` })),
    ...facts.constraints.flatMap((constraint) => judgeOwnConstraint(constraint, column, facts)),
  ];
}

/** The names of a column's constraints, which Postgres gives where there are none. */
function ownNames({ relname = "" }: RangeVar, { name, constraints }: ColumnFacts): string[] {
  const ends: Partial<Record<NonNullable<Constraint["contype"]>, string>> = {
    ...{ CONSTR_FOREIGN: "fkey", CONSTR_UNIQUE: "key", CONSTR_CHECK: "check" },
  };
  return constraints.flatMap(({ contype, conname }) => {
    if (conname !== undefined) return [conname];
    const end = contype === undefined ? undefined : ends[contype];
    return end === undefined ? [] : [`${relname}_${name}_${end}`];
  });
}

function factsOf({ colname = "", typeName, constraints = [] }: ColumnDef): ColumnFacts {
  const own = constraints.flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
  const find = (kind: Constraint["contype"]): Constraint | undefined => own.find(({ contype }) => contype === kind);
  const generated = find("CONSTR_GENERATED");
  const isNumbered = find("CONSTR_IDENTITY") !== undefined || serials.has(textsOf(typeName?.names).at(-1) ?? "");
  return {
    name: colname,
    isRequired: find("CONSTR_NOTNULL") !== undefined || find("CONSTR_PRIMARY") !== undefined || isNumbered,
    default: valueOf(find("CONSTR_DEFAULT")?.raw_expr),
    isNumbered,
    isGenerated: generated === undefined ? undefined : generated.generated_kind === "v" ? "virtual" : "stored",
    constraints: own,
  };
}

/** A default; none for a null, which is what a column without a default gets. */
function valueOf(expression: Node | undefined): Node | undefined {
  if (expression === undefined) return undefined;
  if ("TypeCast" in expression) return valueOf(expression.TypeCast.arg) === undefined ? undefined : expression;
  return "A_Const" in expression && expression.A_Const.isnull === true ? undefined : expression;
}

/** Why Postgres rewrites the whole table. */
function rewrites(facts: ColumnFacts): string[] {
  if (facts.isNumbered) return ["gets a number in every row, so the table is rewritten"];
  if (facts.isGenerated === "stored") return ["is computed and stored in every row, so the table is rewritten"];
  if (facts.default === undefined) return [];
  const unknown = callsOf(facts.default).filter((name) => !stable.has(name));
  if (unknown.length === 0) return [];
  return [`has a default by '${unknown[0] ?? ""}', which may differ in every row, so the table is rewritten`];
}

function judgeOwnConstraint({ contype }: Constraint, column: string, facts: ColumnFacts): Found[] {
  const what = `${column} comes with`;
  const checks = { rule: "not-valid", what: `${what} a constraint on its values` } as const;
  if (contype === "CONSTR_CHECK") return [checks];
  if (contype === "CONSTR_FOREIGN") return facts.default === undefined ? [] : [checks];
  if (contype !== "CONSTR_UNIQUE" && contype !== "CONSTR_PRIMARY") return [];
  const isSame = facts.default !== undefined && callsOf(facts.default).length === 0;
  return [
    { rule: "index-lock", what: `${what} an index, which is built under a lock` },
    ...(isSame ? [{ rule: "new-unique" as const, what: `${what} UNIQUE and a default that is the same for all` }] : []),
  ];
}
