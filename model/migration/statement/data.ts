import type { AlterSeqStmt, Node, RangeVar } from "libpg-query";
import { isList, isMap } from "../../json.ts";
import { walk } from "./calls.ts";
import { quoted, relationText } from "./name.ts";
import type { Found, Scope } from "./scope.ts";
import { SqlText } from "../text.ts";

/** Tables in which tools remember what they have applied. */
const ofTools = new Set([
  ...["alembic_version", "django_migrations", "schema_migrations", "flyway_schema_history", "_prisma_migrations"],
  ...["atlas_schema_revisions", "goose_db_version", "schema_version", "knex_migrations", "knex_migrations_lock"],
]);

type Tree = Readonly<Record<string, unknown>>;

/** Judges statements that change rows, also within a query; undefined for others. */
export function judgeData(node: Node, scope: Scope): Found[] | undefined {
  if ("AlterSeqStmt" in node) return judgeSequence(node.AlterSeqStmt, scope);
  if ("TruncateStmt" in node) {
    const tables = (node.TruncateStmt.relations ?? []).flatMap((one) => ("RangeVar" in one ? [one.RangeVar] : []));
    const old = tables.filter((table) => !scope.created.hasRelation(table)).map(relationText);
    return old.length === 0 ? [] : [{ rule: "data", what: `all rows of ${quoted(old)} are deleted` }];
  }
  const [kind = ""] = Object.keys(node);
  if (!/^(Insert|Update|Delete|Merge|Prepare|Explain|DeclareCursor)Stmt$/.test(kind)) return undefined;
  return changesIn(node, scope);
}

/** The changes of rows of old tables, wherever they stand in a statement. */
export function changesIn(node: Node, { created, text, start }: Scope): Found[] {
  const found: Found[] = [];
  const sql = new SqlText(text);
  walk(node, (kind, part) => {
    const [, verb] = /^(Update|Delete|Merge|Insert)Stmt$/.exec(kind) ?? [];
    const table = tableOf(part);
    if (verb === undefined || table === undefined || created.hasRelation(table)) return;
    if (ofTools.has(table.relname ?? "") || isHarmless(verb, part)) return;
    const word = { Update: "updated", Delete: "deleted", Merge: "merged into", Insert: "updated on conflict" }[verb];
    const line = sql.lineAt((table.location ?? start) - start) - 1;
    found.push({ rule: "data", what: `rows of '${relationText(table)}' are ${word ?? "changed"}`, line });
  });
  return found;
}

function tableOf({ relation }: Tree): RangeVar | undefined {
  if (!isMap(relation) || typeof relation["relname"] !== "string") return undefined;
  const { relname, schemaname, location } = relation;
  return {
    relname,
    ...(typeof schemaname === "string" && { schemaname }),
    ...(typeof location === "number" && { location }),
  };
}

/** Tells whether a statement changes only rows that it adds itself, or a batch of rows. */
function isHarmless(verb: string, part: Tree): boolean {
  if (verb === "Insert") return !isUpsert(part);
  if (verb !== "Merge") return isLimited(part);
  const { mergeWhenClauses: clauses } = part;
  return isList(clauses) && !/"commandType":"CMD_(UPDATE|DELETE)"/.test(JSON.stringify(clauses));
}

function isUpsert({ onConflictClause }: Tree): boolean {
  return isMap(onConflictClause) && onConflictClause["action"] === "ONCONFLICT_UPDATE";
}

/** Tells whether a statement takes a batch of rows: those of a query with a LIMIT. */
function isLimited({ whereClause, fromClause, usingClause, withClause }: Tree): boolean {
  let limited = hasLimit(withClause) || hasLimit(fromClause) || hasLimit(usingClause);
  walk({ where: whereClause }, (kind, { subLinkType, subselect }) => {
    if (kind === "SubLink" && (subLinkType === "ANY_SUBLINK" || subLinkType === "ARRAY_SUBLINK"))
      limited ||= hasLimit(subselect);
  });
  return limited;
}

function hasLimit(tree: unknown): boolean {
  let has = false;
  walk(isList(tree) ? tree : [tree], (kind, { limitCount }) => {
    const isLimit = kind === "SelectStmt" && limitCount !== undefined;
    if (isLimit && !JSON.stringify(limitCount).includes('"isnull":true')) has = true; // LIMIT ALL is none
  });
  return has;
}

function judgeSequence({ sequence, options = [] }: AlterSeqStmt, { created }: Scope): Found[] {
  if (sequence === undefined || created.hasRelation(sequence)) return [];
  const changed = options.some((one) => "DefElem" in one && one.DefElem.defname !== "owned_by");
  return changed ? [{ rule: "data", what: `sequence '${relationText(sequence)}' gives other numbers` }] : [];
}
