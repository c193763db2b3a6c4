import type { IndexStmt, Node, ReindexStmt } from "libpg-query";
import { haveNewNull } from "./constraint.ts";
import { relationText } from "./name.ts";
import type { Found, Scope } from "./scope.ts";

/** Judges statements that build indexes; undefined for others. */
export function judgeIndex(node: Node, scope: Scope): Found[] | undefined {
  if ("IndexStmt" in node) return judgeNewIndex(node.IndexStmt, scope);
  if ("ReindexStmt" in node) return judgeReindex(node.ReindexStmt, scope);
  return undefined;
}

function judgeNewIndex(statement: IndexStmt, scope: Scope): Found[] {
  const { relation, idxname, unique = false, concurrent = false } = statement;
  if (relation === undefined) return [];
  const { schemaname } = relation;
  if (idxname !== undefined)
    scope.created.add("relation", schemaname === undefined ? [idxname] : [schemaname, idxname]);
  if (scope.created.hasLikelyRelation(relation)) return [];
  const what = `index ${idxname === undefined ? "" : `'${idxname}' `}of '${relationText(relation)}' is built`;
  const found: Found[] = [];
  if (unique && !leavesRowsApart(statement, scope))
    found.push({ rule: "new-unique", what: `index '${idxname ?? ""}' of '${relationText(relation)}' is unique` });
  // On a partitioned table, ONLY builds nothing.
  if (!concurrent && relation.inh === true) found.push({ rule: "index-lock", what: `${what} without CONCURRENTLY` });
  if (concurrent && scope.transaction.isOpen)
    found.push({ rule: "concurrently-in-transaction", what: `${what} CONCURRENTLY in a transaction` });
  return found;
}

/** Tells whether two rows of the running version differ, since both have a null in a new column. */
function leavesRowsApart({ relation, indexParams = [], nulls_not_distinct: same }: IndexStmt, scope: Scope): boolean {
  const columns = indexParams.flatMap((one) => ("IndexElem" in one ? [one.IndexElem.name ?? ""] : []));
  return relation !== undefined && same !== true && haveNewNull(relation, columns, scope);
}

function judgeReindex({ relation, name = "", params = [] }: ReindexStmt, { created, transaction }: Scope): Found[] {
  if (relation !== undefined && created.hasRelation(relation)) return [];
  const text = relation === undefined ? name : relationText(relation);
  const isConcurrent = params.some((one) => "DefElem" in one && one.DefElem.defname === "concurrently");
  if (!isConcurrent) return [{ rule: "index-lock", what: `'${text}' is reindexed without CONCURRENTLY` }];
  const what = `'${text}' is reindexed CONCURRENTLY in a transaction`;
  return transaction.isOpen ? [{ rule: "concurrently-in-transaction", what }] : [];
}
