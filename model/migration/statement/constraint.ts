import type { AlterDomainStmt, Constraint, RangeVar } from "libpg-query";
import { isList } from "../../json.ts";
import { walk } from "./calls.ts";
import { objectName, relationText, textsOf } from "./name.ts";
import type { RuleName } from "../rule.ts";
import type { Found, Scope } from "./scope.ts";

type ConstraintKind = NonNullable<Constraint["contype"]>;

const kinds: Partial<Record<ConstraintKind, { readonly rule: RuleName; readonly noun: string }>> = {
  CONSTR_CHECK: { rule: "new-check", noun: "check" },
  CONSTR_FOREIGN: { rule: "new-foreign-key", noun: "foreign key" },
  CONSTR_UNIQUE: { rule: "new-unique", noun: "unique constraint" },
  CONSTR_PRIMARY: { rule: "new-unique", noun: "primary key" },
  CONSTR_EXCLUSION: { rule: "new-unique", noun: "exclusion" },
  CONSTR_NOTNULL: { rule: "set-not-null", noun: "NOT NULL" },
};

/** Judges a constraint that is added to a table which is there already. */
export function judgeConstraint(relation: RangeVar, constraint: Constraint, scope: Scope): Found[] {
  const { contype, conname = "", indexname, skip_validation: isUnchecked = false } = constraint;
  const { rule, noun } = (contype === undefined ? undefined : kinds[contype]) ?? {};
  if (rule === undefined || noun === undefined) return [];
  scope.transaction.added.push(constraintKey(relation, conname));
  scope.created.add("other", ["constraint", relationText(relation), conname]);
  const canBeUnenforced = contype === "CONSTR_CHECK" || contype === "CONSTR_FOREIGN";
  if (canBeUnenforced && constraint.is_enforced !== true) return [];
  const what = `${conname === "" ? `a ${noun}` : `${noun} '${conname}'`} is added to '${relationText(relation)}'`;
  if (rule === "set-not-null") return [{ rule, what }];
  const spares = isOfNewColumns(relation, constraint, scope);
  const found: Found[] = spares ? [] : [{ rule, what }];
  if (rule !== "new-unique") return isUnchecked ? found : [...found, { rule: "not-valid", what: `${what} as valid` }];
  return indexname === undefined ? [...found, { rule: "index-lock", what: `${what} with its index` }] : found;
}

/** The name of a constraint together with its table. */
export function constraintKey(relation: RangeVar, name: string): string {
  return `${relationText(relation)}.${name}`;
}

/** Tells whether only columns that the running version does not know have the constraint, and its inserts keep it. */
function isOfNewColumns(relation: RangeVar, constraint: Constraint, { created }: Scope): boolean {
  const { contype, keys, fk_attrs: foreign, raw_expr: expression } = constraint;
  if (contype === "CONSTR_UNIQUE") {
    const distinct = constraint.nulls_not_distinct === true ? "NULLS NOT DISTINCT" : "";
    return distinct === "" && haveNewNull(relation, textsOf(keys), { created });
  }
  const names =
    contype === "CONSTR_FOREIGN" ? textsOf(foreign) : contype === "CONSTR_CHECK" ? columnsOf(expression) : [];
  return names.length > 0 && names.every((name) => created.column(relation, name) !== undefined);
}

/** Tells whether a row of the running version has a null among these columns; two such rows are different. */
export function haveNewNull(
  relation: RangeVar,
  columns: readonly string[],
  { created }: Pick<Scope, "created">,
): boolean {
  return columns.some((name) => {
    const column = created.column(relation, name);
    return column?.isNullable === true && !column.hasDefault;
  });
}

/** The columns that an expression names. */
function columnsOf(expression: unknown): string[] {
  const names: string[] = [];
  walk(expression, (kind, { fields }) => {
    if (kind === "ColumnRef" && isList(fields)) names.push(fields.map((field) => JSON.stringify(field)).join());
  });
  return names.map((name) => /"sval":"([^"]*)"\}\}$/.exec(name)?.[1] ?? "*");
}

/** Judges a change of a domain. */
export function judgeDomain({ subtype, typeName, def }: AlterDomainStmt, { created }: Scope): Found[] {
  const parts = textsOf(typeName);
  const domain = `domain '${parts.join(".")}'`;
  if (created.has("type", parts)) return [];
  if (subtype === "O") return [{ rule: "set-not-null", what: `${domain} becomes NOT NULL` }];
  if (subtype === "N") return [{ rule: "drop-not-null", what: `${domain} may be null` }];
  if (subtype === "X") return [{ rule: "drop-constraint", what: `a constraint of ${domain} is dropped` }];
  if (subtype === "T") return def === undefined ? [{ rule: "drop-default", what: `${domain} loses its default` }] : [];
  if (subtype !== "C" || def === undefined || !("Constraint" in def)) return [];
  const what = `check '${def.Constraint.conname ?? objectName(def).text}' is added to ${domain}`;
  const isUnchecked = def.Constraint.skip_validation === true;
  return [
    { rule: "new-check", what },
    ...(isUnchecked ? [] : [{ rule: "not-valid" as const, what: `${what} as valid` }]),
  ];
}
